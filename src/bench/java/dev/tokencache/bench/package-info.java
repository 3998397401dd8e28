/** Benchmarks: each measures the product against a reference point within one run, and says so in one table. */
package dev.tokencache.bench;
