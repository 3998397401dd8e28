/**
 * The public API: the client, the values it hands out, the failures it can give,
 * the bus contract and the service-provider interface for token sources. Imports vertx-core only.
 */
package dev.tokencache;
