// SPDX-License-Identifier: Apache-2.0
#include "jpeg_error.h"

static void fail(j_common_ptr codec) {
    zs_jpeg_errors *self = (zs_jpeg_errors *)codec->err;
    char text[JMSG_LENGTH_MAX];
    self->base.format_message(codec, text);
    zs_set_message(self->message, "%s", text);
    longjmp(self->escape, 1);
}

// Level -1 is a warning. Those about an unknown version, colour transform or colour profile say nothing of the samples;
// all others mean that some of them are missing or wrong.
static void note(j_common_ptr codec, int level) {
    zs_jpeg_errors *self = (zs_jpeg_errors *)codec->err;
    if (level >= 0) return;
    self->base.num_warnings++;
    int code = self->base.msg_code;
    if (code == JWRN_JFIF_MAJOR || code == JWRN_ADOBE_XFORM || code == JWRN_BOGUS_ICC) return;
    if (!self->is_damaged) {
        char text[JMSG_LENGTH_MAX];
        self->base.format_message(codec, text);
        zs_set_message(self->message, "%s", text);
    }
    self->is_damaged = 1;
}

static void print_nothing(j_common_ptr codec) { (void)codec; }

struct jpeg_error_mgr *zs_jpeg_install(zs_jpeg_errors *errors, char *message) {
    jpeg_std_error(&errors->base);
    errors->base.error_exit = fail;
    errors->base.emit_message = note;
    errors->base.output_message = print_nothing;
    errors->message = message;
    errors->is_damaged = 0;
    message[0] = 0;
    return &errors->base;
}
