package dev.tokencache.file;

import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What the cache is told of one project.
 *
 * @param project its name
 * @param changes of its files
 * @param status how it fares
 * @param accepted runs once the cache has acknowledged all of it
 */
record Report(String project, List<SnapshotDiff.Change> changes, JsonObject status, Runnable accepted) {}
