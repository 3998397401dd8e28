package dev.tokencache.file;

import dev.tokencache.Failure;
import dev.tokencache.file.Compartment.Call;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Runs blocking calls of many projects on few threads, so that a project whose disk hangs keeps neither the threads nor the
 * queue from the others. Each project has a queue of its own and a bounded share of the threads; the projects take turns. A
 * call that sticks gives its place to another thread, up to a bound; a project or a key that does nothing but hang is
 * refused at once until it answers. For any thread; the lock is held for a few map operations only.
 */
final class Bulkhead {
    private final BulkheadLimits limits;
    private final Executor threads;
    private final LongSupplier nanoTime;
    private final Map<String, Compartment> compartments = new HashMap<>();

    /** Compartments with a call that may start, each once. */
    private final Queue<Compartment> turns = new ArrayDeque<>();

    /** Oldest first. */
    private final Set<Call> running = new LinkedHashSet<>();

    private final Map<String, Integer> hungKeys = new HashMap<>();
    private final List<Runnable> whenEmpty = new ArrayList<>();
    private int stuck;
    private int hung;
    private long bytes;
    private boolean closed;

    /** Hears that a call will not be run. */
    @FunctionalInterface
    interface RefusedCall {
        void because(Failure failure);
    }

    /**
     * @param threads starts a thread for each task it is given, or rejects it
     * @param nanoTime monotonic
     */
    Bulkhead(BulkheadLimits limits, Executor threads, LongSupplier nanoTime) {
        this.limits = limits;
        this.threads = threads;
        this.nanoTime = nanoTime;
    }

    /**
     * Runs a call when its project and the threads let it.
     *
     * @param key what it concerns, or null for the project as a whole
     * @param size how many bytes it holds
     * @param run does the work
     * @param refused called instead when the call has waited for too long or can't be run any more, and when it throws
     * @throws dev.tokencache.TokenCacheException {@link Failure#OVERLOADED} when too many wait or this is closed, {@link
     *     Failure#LOAD_TIMEOUT} when those before it hang
     */
    void submit(String project, String key, long size, Runnable run, RefusedCall refused) {
        Call start;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            Compartment compartment = compartments.get(project);
            Failure failure = whyNot(compartment, key, size, now);
            if (failure != null) {
                throw failure.exception();
            }
            if (compartment == null) {
                compartment = new Compartment(project);
                compartments.put(project, compartment);
            }
            compartment.waiting.add(new Call(compartment, key, size, run, refused, now));
            compartment.bytes += size;
            bytes += size;
            giveTurn(compartment);
            start = next(now);
        }
        launch(start);
    }

    private Failure whyNot(Compartment compartment, String key, long size, long now) {
        int length = compartment == null ? 0 : compartment.length();
        boolean tooLarge = length > 0 && compartment.bytes + size > limits.maxBytes() / 4 * 3;
        if (closed || length >= limits.maxLength() || bytes + size > limits.maxBytes() || tooLarge) {
            return Failure.OVERLOADED;
        }
        boolean keyHangs = key != null && hungKeys.getOrDefault(key, 0) >= limits.perKey();
        boolean allHang = hung >= limits.allThreads();
        return keyHangs || allHang || hangs(compartment, now) ? Failure.LOAD_TIMEOUT : null;
    }

    /** Whether all that the project may run has run for too long already. */
    private boolean hangs(Compartment compartment, long now) {
        return compartment != null
                && compartment.running >= limits.perProject()
                && now - compartment.lastStartNanos >= limits.patienceNanos();
    }

    private void giveTurn(Compartment compartment) {
        if (!compartment.hasTurn && !compartment.waiting.isEmpty() && compartment.running < limits.perProject()) {
            compartment.hasTurn = true;
            turns.add(compartment);
        }
    }

    /** Takes the call whose turn it is out of its queue, or null when none may start. */
    private Call next(long now) {
        if (running.size() - stuck >= limits.threads() || running.size() >= limits.allThreads()) {
            return null;
        }
        Compartment compartment = turns.poll();
        while (compartment != null) {
            compartment.hasTurn = false;
            Call call = compartment.waiting.poll();
            if (call != null) {
                call.startedNanos = now;
                compartment.lastStartNanos = now;
                compartment.running++;
                running.add(call);
                giveTurn(compartment);
                return call;
            }
            compartment = turns.poll();
        }
        return null;
    }

    private void launch(Call first) {
        if (first == null) {
            return;
        }
        try {
            threads.execute(() -> work(first));
        } catch (Throwable rejected) { // an error too: the system may have no thread
            for (Call call = first; call != null; call = ended(call)) {
                call.refused.because(Failure.OVERLOADED);
            }
        }
    }

    private void work(Call first) {
        Call call = first;
        while (call != null) {
            try {
                call.run.run();
            } catch (Throwable defect) {
                call.refused.because(Failure.INTERNAL_ERROR);
            } finally {
                call = ended(call);
            }
        }
    }

    /** Takes an ended call out; returns the one that is to run in its place, or null. */
    private Call ended(Call call) {
        List<Runnable> last;
        Call next;
        synchronized (this) {
            running.remove(call);
            stuck -= call.stuck ? 1 : 0;
            if (call.hung) {
                hung--;
                if (call.key != null) {
                    hungKeys.computeIfPresent(call.key, (key, count) -> count == 1 ? null : count - 1);
                }
            }
            call.compartment.running--;
            leave(call);
            giveTurn(call.compartment);
            next = next(nanoTime.getAsLong());
            last = emptied();
        }
        last.forEach(Runnable::run);
        return next;
    }

    private void leave(Call call) {
        bytes -= call.bytes;
        call.compartment.bytes -= call.bytes;
        if (call.compartment.length() == 0) {
            compartments.remove(call.compartment.project);
        }
    }

    private List<Runnable> emptied() {
        if (!closed || !compartments.isEmpty()) {
            return List.of();
        }
        List<Runnable> last = List.copyOf(whenEmpty);
        whenEmpty.clear();
        return last;
    }

    /**
     * Lets others take the places of calls that stick, and refuses what waits in vain. Called from a timer.
     *
     * @return how many calls have run for longer than the patience: those are hung
     */
    int tend() {
        List<Call> refused = new ArrayList<>();
        List<Call> starts = new ArrayList<>();
        List<Runnable> last;
        int hangs;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            mark(now);
            for (Compartment compartment : List.copyOf(compartments.values())) {
                dropVain(compartment, now, refused);
            }
            for (Call call = next(now); call != null; call = next(now)) {
                starts.add(call);
            }
            last = emptied();
            hangs = hung;
        }
        starts.forEach(this::launch);
        refused.forEach(call -> call.refused.because(Failure.LOAD_TIMEOUT));
        last.forEach(Runnable::run);
        return hangs;
    }

    private void mark(long now) {
        for (Call call : running) {
            long age = now - call.startedNanos;
            if (age < limits.stuckNanos()) {
                return;
            }
            if (!call.stuck) {
                call.stuck = true;
                stuck++;
            }
            if (!call.hung && age >= limits.patienceNanos()) {
                call.hung = true;
                hung++;
                if (call.key != null) {
                    hungKeys.merge(call.key, 1, Integer::sum);
                }
            }
        }
    }

    private void dropVain(Compartment compartment, long now, List<Call> refused) {
        boolean hangs = hangs(compartment, now);
        Iterator<Call> oldestFirst = compartment.waiting.iterator();
        while (oldestFirst.hasNext()) {
            Call call = oldestFirst.next();
            if (!hangs && now - call.sinceNanos < limits.patienceNanos()) {
                return;
            }
            oldestFirst.remove();
            refused.add(call);
            leave(call);
        }
    }

    /** How many calls wait for their turn. */
    synchronized int waiting() {
        int waiting = 0;
        for (Compartment compartment : compartments.values()) {
            waiting += compartment.waiting.size();
        }
        return waiting;
    }

    /** How many calls run, hung ones too. */
    synchronized int running() {
        return running.size();
    }

    /** Accepts nothing more and says when all that was accepted has ended. */
    void close(Runnable whenEmpty) {
        synchronized (this) {
            closed = true;
            if (!compartments.isEmpty()) {
                this.whenEmpty.add(whenEmpty);
                return;
            }
        }
        whenEmpty.run();
    }

    /**
     * Gives up, after {@link #close}, on what has not ended: what has not begun never does and fails with {@link
     * Failure#OVERLOADED}; what is under way fails with {@link Failure#CACHE_UNREACHABLE}, since nobody can say whether it will
     * happen.
     */
    void abandon() {
        List<Call> waiting = new ArrayList<>();
        List<Call> begun;
        List<Runnable> last;
        synchronized (this) {
            for (Compartment compartment : List.copyOf(compartments.values())) {
                waiting.addAll(compartment.waiting);
                compartment.waiting.clear();
            }
            waiting.forEach(this::leave);
            begun = List.copyOf(running);
            last = List.copyOf(whenEmpty);
            whenEmpty.clear();
        }
        waiting.forEach(call -> call.refused.because(Failure.OVERLOADED));
        begun.forEach(call -> call.refused.because(Failure.CACHE_UNREACHABLE));
        last.forEach(Runnable::run);
    }
}
