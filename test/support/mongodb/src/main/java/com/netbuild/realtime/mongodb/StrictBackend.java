package com.netbuild.realtime.mongodb;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.h2.H2Database;
import de.bwaldvogel.mongo.bson.BsonTimestamp;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.util.List;
import java.util.Set;
import org.h2.mvstore.MVStore;

/** As strict as a replica set in two things that it would be lax in, and as quick by {@code _id}. */
final class StrictBackend extends H2Backend {

    private static final Set<String> WRITES =
            Set.of("insert", "update", "delete", "findAndModify", "create", "createIndexes", "drop", "dropDatabase");

    StrictBackend(MVStore store) {
        super(store);
    }

    /** Has written down what it acknowledges: of itself the store does so about once a second. */
    @Override
    public Document handleMessage(MongoMessage message) {
        Document command = message.getDocument();
        assertResumable(command);
        Document answer = super.handleMessage(message);
        if (!isInMemory() && WRITES.contains(command.keySet().iterator().next())) {
            commit();
        }
        return answer;
    }

    @Override
    protected MongoDatabase openOrCreateDatabase(String name) {
        return new IndexedDatabase(name);
    }

    /** Of {@link IndexedCollection}s. It is an inner class since its own fields are not there yet when it opens them. */
    private final class IndexedDatabase extends H2Database {

        IndexedDatabase(String name) {
            super(name, getMvStore(), getCursorRegistry());
        }

        @Override
        protected MongoCollection<Object> openOrCreateCollection(String name, CollectionOptions options) {
            String full = getDatabaseName() + "." + name;
            return new IndexedCollection(
                    this,
                    name,
                    options,
                    getMvStore().openMap("databases." + full),
                    getMvStore().openMap("meta." + full),
                    cursorRegistry);
        }
    }

    /**
     * Refuses to resume a change stream after what its oplog no longer has, with the code of MongoDB's error table
     * (src/mongo/base/error_codes.yml): otherwise it would go on as if nothing had been in between.
     */
    private void assertResumable(Document command) {
        if (!(command.get("pipeline") instanceof List<?> stages)
                || stages.isEmpty()
                || !(stages.get(0) instanceof Document stage)
                || !(stage.get("$changeStream") instanceof Document options)) {
            return;
        }
        for (String option : List.of("startAfter", "resumeAfter")) {
            if (options.get(option) instanceof Document token && !isInOplog(String.valueOf(token.get("_data")))) {
                throw new MongoServerError(
                        286,
                        "ChangeStreamHistoryLost",
                        "Resume of change stream was not possible, as the resume point may no longer be in the oplog.");
            }
        }
    }

    private boolean isInOplog(String token) {
        MongoCollection<?> entries = resolveDatabase("local").resolveCollection("oplog.rs", false);
        return entries.queryAllAsStream()
                .map(entry -> ((BsonTimestamp) entry.get("ts")).getValue())
                .anyMatch(at -> Long.toHexString(at).equals(token));
    }
}
