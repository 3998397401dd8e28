package dev.tokencache.history;

/** Somebody who does one thing after another. */
@FunctionalInterface
interface Actor {
    /** Does the next thing; blocks until it is done. An exception ends the run. */
    void act() throws Exception;
}
