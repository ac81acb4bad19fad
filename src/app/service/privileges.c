/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/service/privileges.h"
#include "app/service/allowed_calls.h"
#include "app/service/capability_filter.h"
#include "app/service/seccomp_report.h"

#include "on_demand/capng.h"
#include "on_demand/seccomp.h"
#include <errno.h>
#include <glib.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static synfix_status_t find_user(const char *user, uid_t *uid, gid_t *gid, synfix_error_t *error)
{
    const struct passwd *entry = getpwnam(user);
    if (entry == NULL) {
        return synfix_fail(error, SYNFIX_NOT_FOUND, "user: %s: no such user; name an account of this host",
                           user);
    }
    *uid = entry->pw_uid;
    *gid = entry->pw_gid;
    return SYNFIX_OK;
}

static synfix_status_t find_group(const char *group, gid_t *gid, synfix_error_t *error)
{
    const struct group *entry = getgrnam(group);
    if (entry == NULL) {
        return synfix_fail(error, SYNFIX_NOT_FOUND, "group: %s: no such group; name a group of this host",
                           group);
    }
    *gid = entry->gr_gid;
    return SYNFIX_OK;
}

synfix_status_t privileges_check_user(const char *user, synfix_error_t *error)
{
    uid_t uid;
    gid_t gid;
    return user != NULL ? find_user(user, &uid, &gid, error) : SYNFIX_OK;
}

synfix_status_t privileges_check_group(const char *user, const char *group, synfix_error_t *error)
{
    gid_t gid;
    if (group == NULL) {
        return SYNFIX_OK;
    }
    return user != NULL ? find_group(group, &gid, error)
                        : synfix_fail(error, SYNFIX_INVALID, "group: needs user; set user too");
}

/* Without @p user, @p uid and @p gid stay. */
static synfix_status_t find_ids(const char *user, const char *group, uid_t *uid, gid_t *gid,
                                synfix_error_t *error)
{
    const synfix_status_t status =
        user != NULL ? find_user(user, uid, gid, error) : privileges_check_group(NULL, group, error);
    return status == SYNFIX_OK && group != NULL ? find_group(group, gid, error) : status;
}

/* The service manager may refuse capset (systemd counts it as privileged). Then a filter refuses the system
 * calls that the capability permits. */
static synfix_status_t drop_capabilities(synfix_error_t *error)
{
    const synfix_status_t loaded = on_demand_load_capng(error);
    if (loaded != SYNFIX_OK) {
        return loaded;
    }
    capng_get_caps_process();
    const bool bounded = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP) == 1;
    capng_clear(CAPNG_SELECT_ALL);
    errno = 0;
    if (capng_apply(CAPNG_SELECT_CAPS) == 0 &&
        !(bounded && capng_have_capabilities(CAPNG_SELECT_CAPS) > CAPNG_NONE)) {
        return SYNFIX_OK;
    }
    return errno == EPERM ? capability_filter_install(error)
                          : synfix_fail(error, SYNFIX_PERMISSION,
                                        "capabilities: cannot be dropped; run with fewer capabilities");
}

static synfix_status_t change_user(const char *user, uid_t uid, gid_t gid, synfix_error_t *error)
{
    if (setgroups(0, NULL) != 0 || setresgid(gid, gid, gid) != 0 || setresuid(uid, uid, uid) != 0) {
        return synfix_fail(error, SYNFIX_PERMISSION, "user: %s: %s", user, strerror(errno));
    }
    return uid != 0 && setuid(0) == 0
               ? synfix_fail(error, SYNFIX_PERMISSION,
                             "user: %s: the program could become root again; name another user", user)
               : SYNFIX_OK;
}

synfix_status_t privileges_drop(const char *user, const char *group, synfix_error_t *error)
{
    uid_t uid = geteuid();
    gid_t gid = getegid();
    synfix_status_t status = find_ids(user, group, &uid, &gid, error);
    if (status == SYNFIX_OK && uid != geteuid()) {
        status = change_user(user, uid, gid, error);
    }
    if (status != SYNFIX_OK) {
        return status;
    }
    /* a program that this process starts gets nothing; kernels without ambient capabilities have none to
     * clear */
    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return synfix_fail(error, SYNFIX_PERMISSION, "no_new_privs: %s", strerror(errno));
    }
    return drop_capabilities(error);
}

static int add_rules(scmp_filter_ctx context)
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < allowed_call_count; i++) {
        result = seccomp_rule_add(context, SCMP_ACT_ALLOW, allowed_calls[i], 0);
    }
    /* threads set their names; no other use of prctl */
    if (result == 0) {
        result =
            seccomp_rule_add(context, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME));
    }
    return result == 0 ? seccomp_load(context) : result;
}

synfix_status_t privileges_confine(synfix_error_t *error)
{
    const synfix_status_t loaded = on_demand_load_seccomp(error);
    if (loaded != SYNFIX_OK) {
        return loaded;
    }
    scmp_filter_ctx context =
        seccomp_init(SCMP_ACT_TRAP); /* not executed either; the process ends with a message */
    if (context == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "seccomp: out of memory");
    }
    /* a library of a sink may have started threads */
    int result = seccomp_attr_set(context, SCMP_FLTATR_CTL_TSYNC, 1);
    if (result == 0) {
        result = add_rules(context);
    }
    seccomp_release(context);
    if (result == 0) {
        seccomp_report_install();
    }
    if (result != 0) {
        return synfix_fail(error, SYNFIX_UNSUPPORTED,
                           "seccomp: %s; or start without the filter: --no-seccomp", strerror(-result));
    }
    return SYNFIX_OK;
}
