/** Who may: keys, the JWT gate, rights. */
package dev.tokencache.auth;
