package io.mailproto.smtp.mx;

import io.mailproto.smtp.Reply;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Where mail for a domain goes: hosts in the order in which they are tried, or nowhere.
 *
 * @param hosts none if it goes nowhere
 * @param refusal what to tell the recipients then, as a server would have; null if there are hosts
 */
record MxRoute(List<Host> hosts, Reply refusal) {

    /**
     * One host.
     *
     * @param name as the DNS has it, or an address literal without its brackets
     * @param known its addresses if they are known already
     */
    record Host(String name, Optional<List<InetAddress>> known) {}

    MxRoute {
        hosts = List.copyOf(hosts);
    }

    static MxRoute to(List<Host> hosts) {
        return new MxRoute(hosts, null);
    }

    static MxRoute nowhere(int code, String status, String why) {
        return new MxRoute(List.of(), MxReplies.of(code, status, why));
    }
}
