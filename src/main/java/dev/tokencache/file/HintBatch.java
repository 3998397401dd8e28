package dev.tokencache.file;

import java.util.List;

/** Looks of one go, run on a worker. Should one hang, the watcher's event loop gives the batch up and looks anew elsewhere. */
final class HintBatch {
    private final List<HintLook> looks;
    private volatile int current;
    private volatile boolean abandoned;

    /** @param looks at least one */
    HintBatch(List<HintLook> looks) {
        this.looks = List.copyOf(looks);
    }

    /** Looks, one after the other; blocking. */
    void run(DiskScanner scanner) {
        for (int i = 0; i < looks.size() && !abandoned; i++) {
            current = i;
            looks.get(i).run(scanner);
        }
    }

    List<HintLook> looks() {
        return looks;
    }

    /** Makes the look under way the last one; returns the project it is at. */
    String abandon() {
        abandoned = true;
        return looks.get(current).watch().name();
    }
}
