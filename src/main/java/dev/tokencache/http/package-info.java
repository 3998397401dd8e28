/**
 * REST: authenticates a request, turns it into one call of {@link dev.tokencache.TokenCache} and writes the reply. It knows
 * the client and nothing behind it.
 */
package dev.tokencache.http;
