// In place of libmosquitto where everything is linked statically: Debian has it as a shared library
// alone. There is no client then, and whoever asks for one is told so (devices/mosquitto_there.h).
#include <mosquitto.h>

extern "C" {

int mosquitto_lib_version(int*, int*, int*) { return 0; }
int mosquitto_lib_init() { return MOSQ_ERR_NOT_SUPPORTED; }
int mosquitto_lib_cleanup() { return MOSQ_ERR_NOT_SUPPORTED; }

struct mosquitto* mosquitto_new(const char*, bool, void*) { return nullptr; }
void mosquitto_destroy(struct mosquitto*) {}

void mosquitto_connect_callback_set(struct mosquitto*, void (*)(struct mosquitto*, void*, int)) {}
void mosquitto_disconnect_callback_set(struct mosquitto*, void (*)(struct mosquitto*, void*, int)) {}
void mosquitto_publish_callback_set(struct mosquitto*, void (*)(struct mosquitto*, void*, int)) {}
void mosquitto_unsubscribe_callback_set(struct mosquitto*, void (*)(struct mosquitto*, void*, int)) {}
void mosquitto_subscribe_callback_set(struct mosquitto*, void (*)(struct mosquitto*, void*, int, int,
                                                                  const int*)) {}
void mosquitto_message_callback_set(struct mosquitto*, void (*)(struct mosquitto*, void*,
                                                                const struct mosquitto_message*)) {}
void mosquitto_log_callback_set(struct mosquitto*, void (*)(struct mosquitto*, void*, int,
                                                            const char*)) {}

// Never called: there is no client to call them for.
int mosquitto_connect_async(struct mosquitto*, const char*, int, int) { return MOSQ_ERR_INVAL; }
int mosquitto_disconnect(struct mosquitto*) { return MOSQ_ERR_INVAL; }
int mosquitto_int_option(struct mosquitto*, enum mosq_opt_t, int) { return MOSQ_ERR_INVAL; }
int mosquitto_void_option(struct mosquitto*, enum mosq_opt_t, void*) { return MOSQ_ERR_INVAL; }
int mosquitto_loop_misc(struct mosquitto*) { return MOSQ_ERR_INVAL; }
int mosquitto_loop_read(struct mosquitto*, int) { return MOSQ_ERR_INVAL; }
int mosquitto_loop_write(struct mosquitto*, int) { return MOSQ_ERR_INVAL; }
int mosquitto_threaded_set(struct mosquitto*, bool) { return MOSQ_ERR_INVAL; }
int mosquitto_socket(struct mosquitto*) { return -1; }
bool mosquitto_want_write(struct mosquitto*) { return false; }
void* mosquitto_ssl_get(struct mosquitto*) { return nullptr; }
int mosquitto_publish(struct mosquitto*, int*, const char*, int, const void*, int, bool) {
  return MOSQ_ERR_INVAL;
}
int mosquitto_subscribe_multiple(struct mosquitto*, int*, int, char* const* const, int, int,
                                 const mosquitto_property*) {
  return MOSQ_ERR_INVAL;
}
int mosquitto_unsubscribe_multiple(struct mosquitto*, int*, int, char* const* const,
                                   const mosquitto_property*) {
  return MOSQ_ERR_INVAL;
}
int mosquitto_username_pw_set(struct mosquitto*, const char*, const char*) { return MOSQ_ERR_INVAL; }
int mosquitto_will_set(struct mosquitto*, const char*, int, const void*, int, bool) {
  return MOSQ_ERR_INVAL;
}

}  // extern "C"
