/** Small programs that show how an application uses the cache; the documentation quotes them, and tests run them. */
package dev.tokencache.examples;
