package com.netbuild.realtime.mongodb;

import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.h2.H2Collection;
import de.bwaldvogel.mongo.bson.Document;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.h2.mvstore.MVMap;

/**
 * Finds by {@code _id} also where other conditions stand beside it, and what is between two of them; and by
 * {@code subject}, of which NetBuild has an index that is not unique. Otherwise each such question would look at all
 * that there is. All conditions are held against what is found so.
 */
final class IndexedCollection extends H2Collection {

    private static final String SUBJECT = "subject";

    private final MVMap<Object, Document> documents;
    private final Map<String, Set<Object>> bySubject = new HashMap<>();

    IndexedCollection(
            MongoDatabase database,
            String name,
            CollectionOptions options,
            MVMap<Object, Document> documents,
            MVMap<String, Object> meta,
            CursorRegistry cursors) {
        super(database, name, options, documents, meta, cursors);
        this.documents = documents;
        documents.forEach((id, document) -> index(id, document));
    }

    @Override
    protected Object addDocumentInternal(Document document) {
        Object id = super.addDocumentInternal(document);
        index(id, document);
        return id;
    }

    @Override
    protected void handleUpdate(Object id, Document before, Document after) {
        forget(id, before);
        super.handleUpdate(id, before, after);
        index(id, after);
    }

    @Override
    protected void removeDocument(Object id) {
        forget(id, documents.get(id));
        super.removeDocument(id);
    }

    private void index(Object id, Document document) {
        if (document.get(SUBJECT) instanceof String subject) {
            bySubject.computeIfAbsent(subject, none -> new LinkedHashSet<>()).add(id);
        }
    }

    private void forget(Object id, Document document) {
        if (document != null && document.get(SUBJECT) instanceof String subject && bySubject.containsKey(subject)) {
            bySubject.get(subject).remove(id);
            if (bySubject.get(subject).isEmpty()) {
                bySubject.remove(subject);
            }
        }
    }

    @Override
    protected QueryResult queryDocuments(
            Document query, Document order, int skip, int limit, int batch, Document fields) {
        List<Object> ids = "_id".equals(getIdField()) ? idsFor(query.get("_id")) : null;
        if (ids == null) {
            ids = idsOf(query.get(SUBJECT));
        }
        if (ids == null) {
            return super.queryDocuments(query, order, skip, limit, batch, fields);
        }
        return matchDocuments(query, ids, order, skip, limit, batch, fields);
    }

    /** Those that a condition may hold for, in order; null where this can not be said without looking at all. */
    private List<Object> idsFor(Object condition) {
        if (condition instanceof String id) {
            return existing(List.of(id));
        }
        if (!(condition instanceof Document operators)) {
            return null;
        }
        if (operators.keySet().equals(Set.of("$in")) && operators.get("$in") instanceof Collection<?> ids) {
            return ids.stream().allMatch(String.class::isInstance) ? existing(ids) : null;
        }
        if (operators.get("$gt") instanceof String after && operators.get("$lte") instanceof String last) {
            return between(after, last);
        }
        return null;
    }

    /** Those of some subjects; null where this can not be said without looking at all. */
    private List<Object> idsOf(Object condition) {
        if (!(condition instanceof Document operators)
                || !operators.keySet().equals(Set.of("$in"))
                || !(operators.get("$in") instanceof Collection<?> subjects)
                || !subjects.stream().allMatch(String.class::isInstance)) {
            return null;
        }
        return subjects.stream()
                .distinct()
                .flatMap(subject -> bySubject.getOrDefault(subject, Set.of()).stream())
                .toList();
    }

    private List<Object> existing(Collection<?> ids) {
        return ids.stream().distinct().sorted().filter(documents::containsKey).map(Object.class::cast).toList();
    }

    private List<Object> between(String after, String last) {
        List<Object> found = new ArrayList<>();
        for (Iterator<Object> ids = documents.keyIterator(after); ids.hasNext(); ) {
            if (!(ids.next() instanceof String id) || id.compareTo(last) > 0) {
                break;
            }
            found.add(id);
        }
        return found;
    }
}
