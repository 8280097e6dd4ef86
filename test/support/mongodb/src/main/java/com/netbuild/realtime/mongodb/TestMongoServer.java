package com.netbuild.realtime.mongodb;

import de.bwaldvogel.mongo.MongoServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.h2.mvstore.MVStore;

/**
 * A server that speaks MongoDB's protocol, with an oplog. The arguments are a port, and the file of its data; without
 * a file it keeps them in memory.
 */
public final class TestMongoServer {

    private TestMongoServer() {}

    public static void main(String[] arguments) throws Exception {
        String file = arguments.length > 1 ? arguments[1] : null;
        if (file != null) {
            waitForNextSecond(Path.of(file));
        }
        MongoServer server = new MongoServer(new StrictBackend(MVStore.open(file)));
        server.enableOplog();
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
        server.bind("127.0.0.1", Integer.parseInt(arguments[0]));
        System.out.println("listening on mongodb://127.0.0.1:" + server.getLocalAddress().getPort());
    }

    /** The oplog counts from one again, within the second: what is written now must not stand before what was. */
    private static void waitForNextSecond(Path file) throws IOException, InterruptedException {
        if (Files.exists(file)) {
            Instant next = Files.getLastModifiedTime(file).toInstant().plusSeconds(1);
            Thread.sleep(Math.max(0, Duration.between(Instant.now(), next).toMillis()));
        }
    }
}
