/**
 * Token files on disk: reading, listing and writing them safely, fingerprints, snapshots and their difference, the source
 * behind the cache and the watcher verticle. The parts that touch files import no Vert.x class.
 *
 * <p><b>One version.</b> Bytes leave this package through {@link dev.tokencache.file.TokenReader} alone. It walks to the file
 * link by link inside the open directory of its project, takes the fingerprint, reads, and takes it again: a file that
 * changed, or is another one now, is read again. A file changed a moment ago is read twice, since two writes may share a tick of
 * the kernel's clock. What does not parse is read once more before it counts as invalid.
 *
 * <p><b>Durable.</b> {@link dev.tokencache.file.TokenWriter} writes a temporary file beside the target, syncs it, renames it
 * over the target or links it where nothing may be replaced, syncs the directory, and for a new project the root, before it
 * answers. All calls of one project run one after another, and inside its lock file between processes; a condition is judged
 * there, against the file as it is then.
 *
 * <p><b>State, not events.</b> {@link dev.tokencache.file.ProjectScanner} compares what is there with what was seen before;
 * the system's notifications only say where to look sooner.
 *
 * <p><b>A hung disk</b> holds the threads of those who need it: reads, writes and scans have threads of their own, {@link
 * dev.tokencache.file.Bulkhead} gives each project a share of them, and what waits in vain is refused.
 */
package dev.tokencache.file;
