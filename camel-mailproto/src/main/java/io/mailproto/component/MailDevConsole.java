package io.mailproto.component;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Consumer;
import org.apache.camel.spi.annotations.DevConsole;
import org.apache.camel.support.console.AbstractDevConsole;
import org.apache.camel.util.URISupport;
import org.apache.camel.util.json.JsonObject;

/** Camel's developer console {@code mailproto}: all consumers and producers of mail in the context, and what they do. */
@DevConsole(
        name = "mailproto",
        displayName = "Mail",
        description = "Connections, counters and last errors of mail endpoints")
public class MailDevConsole extends AbstractDevConsole {

    public MailDevConsole() {
        super("camel", "mailproto", "Mail", "Connections, counters and last errors of mail endpoints");
    }

    @Override
    protected Map<String, Object> doCallJson(Map<String, Object> options) {
        JsonObject root = new JsonObject();
        root.put("connections", runtime() == null ? 0 : runtime().connections());
        List<JsonObject> rows = new ArrayList<>();
        for (Map<String, Object> row : rows()) {
            rows.add(new JsonObject(row));
        }
        root.put("endpoints", rows);
        return root;
    }

    @Override
    protected String doCallText(Map<String, Object> options) {
        StringBuilder text = new StringBuilder("Open connections: ")
                .append(runtime() == null ? 0 : runtime().connections())
                .append('\n');
        for (Map<String, Object> row : rows()) {
            row.forEach((name, value) -> text.append(name.equals("uri") ? "\n" : "    ")
                    .append(name)
                    .append(": ")
                    .append(value)
                    .append('\n'));
        }
        return text.toString();
    }

    private MailRuntime runtime() {
        return getCamelContext().hasService(MailRuntime.class);
    }

    /** In the order of their URIs. */
    private List<Map<String, Object>> rows() {
        MailRuntime runtime = runtime();
        if (runtime == null) {
            return List.of();
        }
        Map<String, Map<String, Object>> sorted = new TreeMap<>();
        for (MonitoredMail one : runtime.monitored()) {
            Map<String, Object> row = row(one);
            sorted.put(row.get("uri") + " " + row.get("role") + " " + System.identityHashCode(one), row);
        }
        return List.copyOf(sorted.values());
    }

    private static Map<String, Object> row(MonitoredMail one) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("uri", URISupport.sanitizeUri(one.getEndpoint().getEndpointBaseUri()));
        row.put("role", one instanceof Consumer ? "consumer" : "producer");
        row.put("connections", one.getConnections());
        row.put("inFlight", one.getMailsInFlight());
        row.put("succeeded", one.getSucceeded());
        row.put("failed", one.getFailed());
        row.putAll(one.details());
        one.activity().lastSuccess().ifPresent(when -> row.put("lastSuccess", when.toString()));
        one.activity().lastFailure().ifPresent(failure -> {
            row.put("lastError", failure.text());
            row.put("lastErrorTime", failure.when().toString());
        });
        return row;
    }
}
