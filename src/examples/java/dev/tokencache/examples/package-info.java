/** Small programs that show how an application uses the cache; README quotes them, and a test runs them. */
package dev.tokencache.examples;
