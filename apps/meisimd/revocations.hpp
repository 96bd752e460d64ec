#pragma once

#include "protocols/base/identity.hpp"

#include <openssl/types.h>

namespace meisim {

/// From now on nobody stays connected with a certificate that the CA has revoked, on any connection
/// of this process. The list is read again every second if it has changed. If it cannot be read
/// then, the log says so, and the last list holds. Throws std::runtime_error if it cannot be read
/// now; without a list it does nothing.
void keep_out_revoked(const identity_files& identity);

/// Whether the other end of a connection has such a certificate; tells the log.
bool is_kept_out(SSL* connection);

} // namespace meisim
