package com.netbuild.realtime.mongodb;

import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * A server that speaks MongoDB's protocol, with an oplog. The arguments are a port, and the file of its data; without
 * a file it keeps them in memory.
 */
public final class TestMongoServer {

    private TestMongoServer() {}

    public static void main(String[] arguments) throws Exception {
        MongoBackend backend = arguments.length > 1 ? open(Path.of(arguments[1])) : new MemoryBackend();
        MongoServer server = new MongoServer(backend);
        server.enableOplog();
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
        server.bind("127.0.0.1", Integer.parseInt(arguments[0]));
        System.out.println("listening on mongodb://127.0.0.1:" + server.getLocalAddress().getPort());
    }

    private static MongoBackend open(Path file) throws IOException, InterruptedException {
        // The oplog counts from one again, within the second: what is written now must not stand before what was.
        if (Files.exists(file)) {
            Instant next = Files.getLastModifiedTime(file).toInstant().plusSeconds(1);
            Thread.sleep(Math.max(0, Duration.between(Instant.now(), next).toMillis()));
        }
        return new DurableBackend(file.toString());
    }

    /** Has written down what it acknowledges, as a replica set has: of itself the store writes about once a second. */
    private static final class DurableBackend extends H2Backend {

        private static final Set<String> WRITES =
                Set.of("insert", "update", "delete", "findAndModify", "create", "createIndexes", "drop", "dropDatabase");

        DurableBackend(String file) {
            super(file);
        }

        @Override
        public Document handleMessage(MongoMessage message) {
            Document answer = super.handleMessage(message);
            if (WRITES.contains(message.getDocument().keySet().iterator().next())) {
                commit();
            }
            return answer;
        }
    }
}
