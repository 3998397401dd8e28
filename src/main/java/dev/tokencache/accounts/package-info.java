/** Rotating accounts of one project: an application's requests take turns on the tokens of a project. */
package dev.tokencache.accounts;
