/** What is in a token file: strict validity, the expiry it states, its entity tag. Pure: no Vert.x class, no file call. */
package dev.tokencache.content;
