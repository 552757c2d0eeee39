package io.mailproto.component;

import org.apache.camel.support.DefaultHeaderFilterStrategy;

/**
 * Keeps Camel's own headers and those of a mail apart, both ways: a mail that arrives with a {@code Camel…} field cannot
 * steer the route, and no {@code Camel…} header leaves in a mail.
 */
public class MailHeaderFilterStrategy extends DefaultHeaderFilterStrategy {

    public MailHeaderFilterStrategy() {
        setLowerCase(true);
        setOutFilterStartsWith(CAMEL_FILTER_STARTS_WITH);
        // The last two: what camel-mail would take for properties of its session, if the message goes on to it.
        setInFilterStartsWith("Camel", "camel", "mail.smtp.", "mail.smtps.");
    }
}
