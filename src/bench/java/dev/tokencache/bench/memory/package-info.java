/** How much heap the cache takes for a token. */
package dev.tokencache.bench.memory;
