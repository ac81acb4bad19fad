/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/collector/collector_definitions.h"

/* Wireshark's dissector cannot learn enterprise elements from a file, so a post-dissector decodes the message
 * a second time. With names of elements as arguments, it prints a line for each record; tshark's own `-T
 * fields` prints one for each message. The program after the table of elements: */
static const char program[] =
    "\n"
    "local synfix = Proto(\"synfix\", \"TCP fingerprints\")\n"
    "local fields, all = {}, {}\n"
    "for id, element in pairs(elements) do\n"
    "  fields[id] = ProtoField[element[2]](\"synfix.\" .. element[1], element[1])\n"
    "  all[#all + 1] = fields[id]\n"
    "end\n"
    "synfix.fields = all\n"
    "local version = Field.new(\"cflow.version\")\n"
    "local templates = {} -- by observation domain and template id\n"
    "local columns = {}\n"
    "for column in (table.concat({...}, \",\")):gmatch(\"[^,]+\") do columns[#columns + 1] = column end\n"
    "local standard = {\n"
    "  [1] = {\"octetDeltaCount\", \"uint\"}, [2] = {\"packetDeltaCount\", \"uint\"}, [4] = "
    "{\"protocolIdentifier\", \"uint\"},\n"
    "  [6] = {\"tcpControlBits\", \"uint\"}, [7] = {\"sourceTransportPort\", \"uint\"}, [8] = "
    "{\"sourceIPv4Address\", \"ipv4\"},\n"
    "  [10] = {\"ingressInterface\", \"uint\"}, [11] = {\"destinationTransportPort\", \"uint\"},\n"
    "  [12] = {\"destinationIPv4Address\", \"ipv4\"}, [27] = {\"sourceIPv6Address\", \"ipv6\"},\n"
    "  [28] = {\"destinationIPv6Address\", \"ipv6\"}, [58] = {\"vlanId\", \"uint\"}, [148] = {\"flowId\", "
    "\"uint\"},\n"
    "  [152] = {\"flowStartMilliseconds\", \"uint\"}, [153] = {\"flowEndMilliseconds\", \"uint\"},\n"
    "  [192] = {\"ipTTL\", \"uint\"},\n"
    "}\n"
    "-- Short names, for both versions of IP.\n"
    "local short = {\n"
    "  source = {\"sourceIPv4Address\", \"sourceIPv6Address\"},\n"
    "  destination = {\"destinationIPv4Address\", \"destinationIPv6Address\"},\n"
    "}\n"
    "\n"
    "local known = {}\n"
    "for _, table_of in ipairs({elements, standard}) do\n"
    "  for _, element in pairs(table_of) do known[element[1]] = true end\n"
    "end\n"
    "for _, column in ipairs(columns) do\n"
    "  if not known[column] and not short[column] then\n"
    "    error(\"no element \" .. column .. \"; write names as in the templates, source or destination\", "
    "0)\n"
    "  end\n"
    "end\n"
    "\n"
    "function synfix.init() templates = {} end\n"
    "\n"
    "local function text_of(value, kind)\n"
    "  if kind == \"string\" then return value:string() end\n"
    "  if kind == \"ipv4\" then return tostring(value:ipv4()) end\n"
    "  if kind == \"ipv6\" then return tostring(value:ipv6()) end\n"
    "  if value:len() > 4 then return tostring(value:uint64()) end\n"
    "  return tostring(value:uint())\n"
    "end\n"
    "\n"
    "local function print_line(values)\n"
    "  local line = {}\n"
    "  for i, column in ipairs(columns) do\n"
    "    line[i] = \"\"\n"
    "    for _, name in ipairs(short[column] or {column}) do line[i] = values[name] or line[i] end\n"
    "  end\n"
    "  print(table.concat(line, \"\\t\"))\n"
    "end\n"
    "\n"
    "local function read_templates(set, domain, options)\n"
    "  local at = 4\n"
    "  while at + 4 <= set:len() do\n"
    "    local id, count = set(at, 2):uint(), set(at + 2, 2):uint()\n"
    "    at = at + (options and 6 or 4)\n"
    "    local list = {options = options}\n"
    "    for _ = 1, count do\n"
    "      if at + 4 > set:len() then return end\n"
    "      local field = {id = set(at, 2):uint(), length = set(at + 2, 2):uint(), pen = 0}\n"
    "      at = at + 4\n"
    "      if field.id >= 0x8000 then\n"
    "        if at + 4 > set:len() then return end\n"
    "        field.id, field.pen = field.id - 0x8000, set(at, 4):uint()\n"
    "        at = at + 4\n"
    "      end\n"
    "      list[#list + 1] = field\n"
    "    end\n"
    "    templates[domain .. \"/\" .. id] = list\n"
    "  end\n"
    "end\n"
    "\n"
    "-- Where the record behind `at` ends; nil when it does not fit.\n"
    "local function read_record(set, at, list, tree, values)\n"
    "  local branch\n"
    "  for _, field in ipairs(list) do\n"
    "    local length = field.length\n"
    "    if length == 65535 then\n"
    "      if at + 1 > set:len() then return nil end\n"
    "      length = set(at, 1):uint()\n"
    "      at = at + 1\n"
    "      if length == 255 then\n"
    "        if at + 2 > set:len() then return nil end\n"
    "        length = set(at, 2):uint()\n"
    "        at = at + 2\n"
    "      end\n"
    "    end\n"
    "    if at + length > set:len() then return nil end\n"
    "    if field.pen == enterprise and fields[field.id] and length > 0 then\n"
    "      branch = branch or tree:add(synfix, set(at, length))\n"
    "      branch:add(fields[field.id], set(at, length))\n"
    "    end\n"
    "    local element\n"
    "    if field.pen == enterprise then element = elements[field.id] end\n"
    "    if field.pen == 0 then element = standard[field.id] end\n"
    "    if element and length > 0 then values[element[1]] = text_of(set(at, length), element[2]) end\n"
    "    at = at + length\n"
    "  end\n"
    "  return at\n"
    "end\n"
    "\n"
    "local function read_set(set, domain, tree, visited)\n"
    "  local id = set(0, 2):uint()\n"
    "  if id == 2 or id == 3 then\n"
    "    read_templates(set, domain, id == 3)\n"
    "    return\n"
    "  end\n"
    "  local list = templates[domain .. \"/\" .. id]\n"
    "  if not list or #list == 0 then return end\n"
    "  local at = 4\n"
    "  while at and at < set:len() do\n"
    "    local values = {}\n"
    "    local next = read_record(set, at, list, tree, values)\n"
    "    if next == at then return end\n"
    "    if next and #columns > 0 and not list.options and not visited then print_line(values) end\n"
    "    at = next\n"
    "  end\n"
    "end\n"
    "\n"
    "function synfix.dissector(buffer, info, tree)\n"
    "  for _, field in ipairs({version()}) do\n"
    "    local start = field.offset\n"
    "    if field.value == 10 and start + 16 <= buffer:len() then\n"
    "      local size = buffer(start + 2, 2):uint()\n"
    "      local domain = buffer(start + 12, 4):uint()\n"
    "      local last = math.min(start + size, buffer:len())\n"
    "      local at = start + 16\n"
    "      while at + 4 <= last do\n"
    "        local length = buffer(at + 2, 2):uint()\n"
    "        if length < 4 or at + length > last then break end\n"
    "        read_set(buffer(at, length), domain, tree, info.visited)\n"
    "        at = at + length\n"
    "      end\n"
    "    end\n"
    "  end\n"
    "end\n"
    "\n"
    "register_postdissector(synfix)\n";

static const char *field_kind(const ipfix_element_t *element)
{
    switch (element->type) {
    case IPFIX_STRING:
        return "string";
    case IPFIX_IPV4_ADDRESS:
        return "ipv4";
    case IPFIX_IPV6_ADDRESS:
        return "ipv6";
    case IPFIX_UNSIGNED8:
        return "uint8";
    case IPFIX_UNSIGNED16:
        return "uint16";
    default:
        return "uint32";
    }
}

void collector_write_wireshark(const ipfix_model_t *model, GString *out)
{
    g_string_append_printf(
        out,
        "-- tshark -X lua_script:wireshark.lua; Wireshark: put it into the plugins directory.\n"
        "-- A line for each record: tshark -q -X lua_script:wireshark.lua -X "
        "lua_script1:source,tcpSignature,osLabel\n"
        "local enterprise = %u\nlocal elements = {\n",
        ipfix_model_pen(model));
    for (size_t i = 0; i < ipfix_model_count(model); i++) {
        const ipfix_element_t *element = ipfix_model_at(model, i);
        if (element->own) {
            g_string_append_printf(out, "  [%u] = {\"%s\", \"%s\"},\n", element->id, element->name,
                                   field_kind(element));
        }
    }
    g_string_append(out, "}\n");
    g_string_append(out, program);
}
