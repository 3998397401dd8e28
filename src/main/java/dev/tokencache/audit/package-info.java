/**
 * Who did what: a log of writes, refusals and reads, one JSON object a line. It holds names of files and subjects, never a
 * value and never a bearer token.
 */
package dev.tokencache.audit;
