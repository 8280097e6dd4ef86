package com.netbuild.realtime.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one engine's turn has cost.
 *
 * @param cpu        nanoseconds of the whole process: the load, the relay, and what cleans the memory meanwhile
 * @param loadCpu    nanoseconds of the load's own threads, in which the engine's transactions run
 * @param nanos      from the first instance's start to the last one's end; the relay may still be at work then
 * @param wal        bytes that the database's log has grown by, the relay's deletes among them
 * @param statements of the load's own threads, where they are counted
 * @param completes  nanoseconds of each completion of a task
 */
record Turn(String side, int instances, long cpu, long loadCpu, long nanos, long wal, long statements, long[] completes) {

  /** How the load's threads are called. */
  static final String THREAD = "load-";

  private static final int THREADS = 2;
  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  static Turn play(BenchEngine engine, int instances) throws Exception {
    // Whoever comes next must not pay for what the one before has left lying around.
    System.gc();
    long wal = engine.wal();
    long statements = engine.statements();
    long cpu = PROCESS.getProcessCpuTime();
    long begun = System.nanoTime();
    AtomicLong loadCpu = new AtomicLong();
    long[] completes = load(engine, instances, loadCpu);
    long nanos = System.nanoTime() - begun;
    engine.settle();
    return new Turn(engine.side(), instances, PROCESS.getProcessCpuTime() - cpu, loadCpu.get(), nanos,
        engine.wal() - wal, engine.statements() - statements, completes);
  }

  private static long[] load(BenchEngine engine, int instances, AtomicLong cpu) throws Exception {
    AtomicInteger threads = new AtomicInteger();
    ExecutorService pool =
        Executors.newFixedThreadPool(THREADS, work -> new Thread(work, THREAD + threads.incrementAndGet()));
    List<Future<long[]>> parts = new ArrayList<>();
    for (int i = 0; i < instances; i++) {
      int number = NUMBERS.incrementAndGet();
      parts.add(pool.submit(() -> {
        long begun = CLOCK.getCurrentThreadCpuTime();
        long[] completes = Load.play(engine.engine(), number);
        cpu.addAndGet(CLOCK.getCurrentThreadCpuTime() - begun);
        return completes;
      }));
    }
    long[] completes = new long[2 * instances];
    for (int i = 0; i < instances; i++) {
      System.arraycopy(parts.get(i).get(), 0, completes, 2 * i, 2);
    }
    pool.shutdown();
    return completes;
  }

  String json(int round) {
    long[] sorted = completes.clone();
    Arrays.sort(sorted);
    double p99 = sorted[(int) Math.ceil(sorted.length * 0.99) - 1] / 1e6;
    return String.format(Locale.ROOT,
        "{\"side\":\"%s\",\"round\":%d,\"cpu\":%.1f,\"loadCpu\":%.1f,\"wal\":%.1f,\"rate\":%.2f,\"p99\":%.3f}",
        side, round, cpu / 1e3 / instances, loadCpu / 1e3 / instances, (double) wal / instances, instances / (nanos / 1e9), p99);
  }
}
