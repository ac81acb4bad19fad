/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix/fixbuf_adapter.h"
#include "exporter/ipfix/element_values.h"

static bool is_number(uint8_t type)
{
    return (type >= IPFIX_UNSIGNED8 && type <= 10) || (type >= IPFIX_SECONDS && type <= IPFIX_IPV4_ADDRESS);
}

/* libfixbuf 2.4 is older than unsigned256. */
static uint8_t fixbuf_type(const ipfix_element_t *element)
{
    return element->type == IPFIX_UNSIGNED256 ? IPFIX_OCTET_ARRAY : element->type;
}

fbInfoModel_t *fixbuf_model(const ipfix_model_t *model)
{
    fbInfoModel_t *fixbuf = fbInfoModelAlloc();
    for (size_t i = 0; i < ipfix_model_count(model); i++) {
        const ipfix_element_t *from = ipfix_model_at(model, i);
        if ((!from->own && element_source_find(from) == NULL) ||
            fbInfoModelGetElementByID(fixbuf, from->id, from->pen) != NULL) {
            continue; /* in no template of ours, or known to libfixbuf */
        }
        fbInfoElement_t element = {
            .ent = from->pen, .num = from->id, .len = from->length, .type = fixbuf_type(from)};
        element.ref.name = from->name;
        element.flags = (uint32_t)from->semantics << 8 | (uint32_t)from->units << 16;
        element.flags |= is_number(from->type) ? FB_IE_F_ENDIAN : 0;
        element.min = from->range_minimum;
        element.max = from->range_maximum;
        element.description = from->description;
        fbInfoModelAddElement(fixbuf, &element);
    }
    return fixbuf;
}

fbTemplate_t *fixbuf_template(fbInfoModel_t *fixbuf, const ipfix_template_t *template, GError **error)
{
    fbTemplate_t *made = fbTemplateAlloc(fixbuf);
    for (unsigned i = 0; i < template->field_count; i++) {
        const ipfix_element_t *field = template->fields[i];
        fbInfoElement_t element = *fbInfoModelGetElementByID(fixbuf, field->id, field->pen);
        element.len = template->lengths[i];
        if (!fbTemplateAppend(made, &element, error)) {
            fbTemplateFreeUnused(made);
            return NULL;
        }
    }
    return made;
}
