# SPDX-License-Identifier: MIT OR Apache-2.0
# Libraries of single sinks and enrichers, and the functions that are called (cmake/SynfixOnDemand.cmake).
synfix_on_demand(openssl PACKAGE OPENSSL LIBRARY ssl
    HEADERS openssl/ssl.h openssl/err.h openssl/evp.h openssl/hmac.h openssl/pem.h
    openssl/rand.h openssl/x509v3.h FUNCTIONS
    DTLS_client_method DTLS_server_method DTLSv1_listen SSL_CTX_ctrl SSL_CTX_free SSL_CTX_get_ex_data
    SSL_CTX_load_verify_locations SSL_CTX_set_cipher_list SSL_CTX_set_options SSL_CTX_new SSL_CTX_sess_set_new_cb SSL_CTX_set_cookie_generate_cb
    SSL_CTX_set_cookie_verify_cb SSL_CTX_set_default_passwd_cb SSL_CTX_set_default_verify_paths SSL_CTX_set_ex_data SSL_CTX_set_session_ticket_cb SSL_CTX_set_verify
    SSL_CTX_use_PrivateKey_file SSL_CTX_use_certificate_chain_file SSL_connect SSL_ctrl SSL_free SSL_get0_param
    SSL_get_SSL_CTX SSL_get_error SSL_get_ex_data SSL_get_rbio SSL_get_verify_result SSL_is_dtls SSL_is_init_finished SSL_is_server SSL_new SSL_read
    SSL_read_ex SSL_set1_host SSL_set_accept_state SSL_set_bio SSL_set_ex_data SSL_set_fd SSL_set_options SSL_shutdown
    SSL_version SSL_want SSL_write TLS_client_method TLS_server_method BIO_ADDR_family BIO_ADDR_free BIO_ADDR_new
    BIO_ADDR_rawaddress BIO_ADDR_rawport BIO_ctrl BIO_get_callback_arg BIO_int_ctrl BIO_new_dgram BIO_set_callback_arg
    BIO_set_callback_ex BIO_set_flags CRYPTO_memcmp ERR_clear_error
    ERR_peek_error ERR_peek_last_error ERR_reason_error_string EVP_sha256 HMAC RAND_bytes
    X509_VERIFY_PARAM_set1_ip_asc X509_verify_cert_error_string)
synfix_on_demand(hiredis PACKAGE HIREDIS LIBRARY hiredis HEADERS hiredis/hiredis.h FUNCTIONS
    freeReplyObject redisAppendCommandArgv redisBufferRead redisBufferWrite redisConnectUnixWithTimeout
    redisConnectWithTimeout redisFree redisGetReplyFromReader)
synfix_on_demand(sqlite PACKAGE SQLITE3 LIBRARY sqlite3 HEADERS sqlite3.h FUNCTIONS
    sqlite3_bind_int sqlite3_bind_int64 sqlite3_bind_null sqlite3_bind_text sqlite3_busy_timeout sqlite3_close
    sqlite3_column_int sqlite3_column_int64 sqlite3_column_text sqlite3_column_type sqlite3_errcode sqlite3_errmsg
    sqlite3_exec sqlite3_extended_result_codes sqlite3_file_control sqlite3_finalize sqlite3_get_autocommit sqlite3_open_v2
    sqlite3_prepare_v2 sqlite3_prepare_v3 sqlite3_reset sqlite3_step
    sqlite3_system_errno)
if(RDKAFKA_FOUND)
    synfix_on_demand(kafka PACKAGE RDKAFKA LIBRARY rdkafka HEADERS librdkafka/rdkafka.h FUNCTIONS
        rd_kafka_conf_destroy rd_kafka_conf_new rd_kafka_conf_set rd_kafka_conf_set_dr_msg_cb rd_kafka_conf_set_error_cb rd_kafka_conf_set_log_cb
        rd_kafka_conf_set_opaque rd_kafka_destroy rd_kafka_err2str rd_kafka_flush rd_kafka_metadata
        rd_kafka_metadata_destroy rd_kafka_new rd_kafka_opaque rd_kafka_outq_len rd_kafka_poll rd_kafka_producev
        rd_kafka_purge rd_kafka_topic_destroy rd_kafka_topic_new)
endif()
if(MAXMINDDB_FOUND)
    synfix_on_demand(maxminddb PACKAGE MAXMINDDB LIBRARY maxminddb HEADERS maxminddb.h FUNCTIONS
        MMDB_aget_value MMDB_close MMDB_lookup_sockaddr MMDB_open MMDB_strerror)
endif()
# GIO loads GObject, so its functions are resolved through GIO.
synfix_on_demand(gio PACKAGE GLIB LIBRARY gio-2.0 HEADERS gio/gio.h FUNCTIONS
    g_inet_address_equal g_inet_address_get_family g_inet_address_get_is_any g_inet_address_get_native_size
    g_inet_address_to_bytes g_inet_address_to_string g_inet_socket_address_get_address g_inet_socket_address_get_port
    g_inet_socket_address_get_scope_id g_inet_socket_address_get_type g_io_error_quark g_network_address_new g_object_ref
    g_object_unref g_socket_accept
    g_socket_address_enumerator_next g_socket_address_get_family g_socket_bind g_socket_connectable_enumerate
    g_socket_create_source g_socket_get_fd g_socket_get_local_address g_socket_get_remote_address
    g_socket_get_socket_type g_socket_listen g_socket_set_listen_backlog
    g_socket_new g_socket_new_from_fd g_socket_receive g_socket_receive_from
    g_socket_set_blocking g_socket_set_keepalive g_socket_set_option g_type_check_instance_cast
    g_type_check_instance_is_a)
