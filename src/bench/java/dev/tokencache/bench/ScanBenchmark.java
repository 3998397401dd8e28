package dev.tokencache.bench;

import dev.tokencache.content.EtagKey;
import dev.tokencache.file.ScanRounds;
import java.io.IOException;
import java.nio.file.Path;

/** The watcher's look at 100,000 files that did not change, beside plain NIO that looks at them. */
final class ScanBenchmark implements Benchmark {
    private static final int FILES = 100_000;
    private static final int WARM_UP = 5;
    private static final double MOST = 1.3;

    @Override
    public void run(Bench bench) throws Exception {
        Path root = HttpServers.rootOf(bench, 1, FILES);
        ScanRounds scans = new ScanRounds(root, EtagKey.of(new byte[32]));
        for (int i = 0; i < WARM_UP; i++) {
            demandAll(NioWork.scan(root));
            demandAll(scans.scan());
        }
        Comparison rounds = new Comparison("nio", "token-cache", Timed.columns());
        for (int i = 0; i < bench.rounds; i++) {
            Timed nio = Timed.run(() -> demandAll(NioWork.scan(root)));
            Timed ours = Timed.run(() -> demandAll(scans.scan()));
            rounds.add(nio.figures(), ours.figures());
        }
        String title = "One scan of " + FILES + " unchanged files of " + HttpServers.TOKEN.length() + " bytes";
        bench.table("scan", title, rounds.table());
        bench.plot("scan", rounds.plot(title, Timed.SECONDS));
        bench.outcomes.atMost("scan of 100,000 unchanged files, time", "of nio", MOST, rounds.ratio(Timed.SECONDS));
    }

    private static void demandAll(int files) throws IOException {
        if (files != FILES) {
            throw new IOException("saw " + files + " files");
        }
    }
}
