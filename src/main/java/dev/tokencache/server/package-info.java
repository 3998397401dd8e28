/** The server: command line, strict configuration, state directory, and the verticle that wires the rest. */
package dev.tokencache.server;
