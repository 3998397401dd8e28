/** What the files for TLS hold, for whoever serves with them. */
package dev.tokencache.tls;
