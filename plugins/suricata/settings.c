/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "synfix_suricata.h"

plugin_settings_t synfix_settings;
bool synfix_records = true;

static void add_database(const char *path)
{
    synfix_error_t error;
    if (path == NULL || path[0] == '\0') {
        FatalError("database: the file name is missing");
    }
    if (!plugin_settings_add_database(&synfix_settings, path, &error)) {
        FatalError("%s", error.text);
    }
}

static void read_setting(const SCConfNode *node)
{
    synfix_error_t error;
    const SCConfNode *item;
    if (strcmp(node->name, "database") == 0) {
        if (TAILQ_EMPTY(&node->head)) {
            add_database(node->val);
        }
        TAILQ_FOREACH(item, &node->head, next)
        {
            add_database(item->val);
        }
    } else if (strcmp(node->name, "records") == 0) {
        if (node->val == NULL || (!SCConfValIsTrue(node->val) && !SCConfValIsFalse(node->val))) {
            FatalError("records: '%s' is not yes or no", node->val != NULL ? node->val : "");
        }
        synfix_records = SCConfValIsTrue(node->val) != 0;
    } else if (!plugin_settings_set(&synfix_settings, node->name, node->val, &error)) {
        FatalError("%s", error.text);
    }
}

void synfix_settings_load(void)
{
    const SCConfNode *root = SCConfGetNode("synfix");
    const SCConfNode *node;
    plugin_settings_init(&synfix_settings);
    if (root == NULL) {
        return;
    }
    if (root->val != NULL) {
        FatalError("'%s' is not a map of settings such as `database: FILE`", root->val);
    }
    TAILQ_FOREACH(node, &root->head, next)
    {
        read_setting(node);
    }
}
