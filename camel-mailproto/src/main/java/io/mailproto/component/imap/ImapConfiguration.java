package io.mailproto.component.imap;

import io.mailproto.component.MailPollConfiguration;
import io.mailproto.component.MailSearchTerm;
import io.mailproto.imap.Flag;
import io.mailproto.imap.ImapClientOptions;
import io.mailproto.imap.ImapTimeouts;
import io.mailproto.imap.SearchCriteria;
import io.mailproto.imap.SortOrder;
import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.SaslMechanisms;
import io.mailproto.wire.TlsMode;
import io.mailproto.wire.TlsSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options of the IMAP endpoints. */
@UriParams
public class ImapConfiguration extends MailPollConfiguration implements Cloneable {
    @UriParam(defaultValue = "INBOX")
    private String folderName = "INBOX";

    @UriParam(label = "consumer", defaultValue = "true")
    private boolean unseen = true;

    @UriParam(label = "consumer", defaultValue = "true")
    private boolean peek = true;

    @UriParam(label = "consumer")
    private String copyTo;

    @UriParam(label = "consumer")
    private String moveTo;

    @UriParam(label = "filter")
    private String search;

    @UriParam(label = "consumer,filter", prefix = "searchTerm.", multiValue = true)
    private MailSearchTerm searchTerm;

    @UriParam(label = "sort")
    private String sortTerm;

    @UriParam(label = "consumer,filter")
    private String filterMail;

    @UriParam(label = "consumer,advanced")
    private ImapPostProcessAction postProcessAction;

    @UriParam(label = "consumer,advanced", defaultValue = "true")
    private boolean closeFolder = true;

    @UriParam(label = "consumer,advanced")
    private StateRepository<String, String> stateRepository;

    @UriParam(label = "consumer")
    private String onFailureMoveTo;

    @UriParam(label = "consumer")
    private String onFailureFlag;

    private boolean saysMaxDeliveries;

    @UriParam(label = "consumer")
    private boolean changes;

    @UriParam(label = "consumer")
    private boolean idle;

    @UriParam(label = "consumer,advanced", defaultValue = "300000", javaType = "java.time.Duration")
    private long idleRenewal = Duration.ofMinutes(5).toMillis();

    @UriParam(label = "security")
    private String authMechanisms;

    @UriParam(label = "producer")
    private ImapOperation operation;

    @UriParam(label = "producer")
    private String targetFolder;

    @UriParam(label = "producer", defaultValue = "whole")
    private String section = "whole";

    @UriParam(label = "producer")
    private boolean keepSession;

    @UriParam(label = "advanced")
    private boolean compress;

    /** A copy for one endpoint. */
    ImapConfiguration copy() {
        try {
            return (ImapConfiguration) clone();
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    /**
     * What the client needs, checked.
     *
     * @param implicitTls true for the schemes with an s
     * @throws IllegalArgumentException naming the option
     */
    ImapClientOptions toClientOptions(boolean implicitTls, TlsSettings settings) {
        if (getReadTimeout() <= 0) {
            throw new IllegalArgumentException("readTimeout must be positive, not " + getReadTimeout());
        }
        TlsMode mode = getTls() != null ? getTls() : implicitTls ? TlsMode.IMPLICIT : TlsMode.AUTO;
        Duration silence = Duration.ofMillis(getReadTimeout());
        ImapClientOptions options = ImapClientOptions.secured(mode, settings)
                .withTimeouts(ImapTimeouts.defaults().withGreeting(silence).withAnswer(silence));
        if (isAllowPlaintextLogin()) {
            options = options.allowingPlaintextLogin();
        }
        return authMechanisms == null ? options : options.withMechanisms(mechanisms());
    }

    /**
     * Who logs in, checked.
     *
     * @throws IllegalArgumentException naming the options
     */
    Credentials login(CamelContext context) {
        return credentials(context).orElseGet(this::byCertificate);
    }

    private Credentials byCertificate() {
        if (!SaslMechanisms.EXTERNAL.equalsIgnoreCase(authMechanisms)) {
            throw new IllegalArgumentException(
                    hostPort() + ": IMAP needs the options username and password, tokenSupplier or oauthProfile, or"
                            + " authMechanisms=EXTERNAL and a client certificate");
        }
        return Credentials.external(getUsername() == null ? "" : getUsername());
    }

    private String[] mechanisms() {
        String[] names = Arrays.stream(authMechanisms.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toArray(String[]::new);
        if (names.length == 0) {
            throw new IllegalArgumentException("authMechanisms is empty; leave it out to use what the server offers");
        }
        for (String name : names) {
            if (!ImapClientOptions.isKnownMechanism(name)) {
                throw new IllegalArgumentException("authMechanisms: " + name + " is unknown; there are LOGIN-COMMAND, "
                        + String.join(", ", SaslMechanisms.names()));
            }
        }
        return names;
    }

    /** The folders to poll. */
    FolderSelection folders() {
        return FolderSelection.parse(folderName);
    }

    /** How long one IDLE lasts at most. */
    Duration idleRenewal() {
        if (idleRenewal <= 0) {
            throw new IllegalArgumentException("idleRenewal must be positive, not " + idleRenewal);
        }
        if (isDisconnect()) {
            throw new IllegalArgumentException(
                    "idle=true waits on the connection, so it must not be closed after each poll: take disconnect out");
        }
        return Duration.ofMillis(idleRenewal);
    }

    /** What to look for: as searchTerm says, or without it unseen mails if that is set; and what search says. */
    MailSearch mailSearch() {
        Optional<MailSearchTerm> unlessTold = unseen ? Optional.of(MailSearchTerm.unseen()) : Optional.empty();
        return new MailSearch(
                Optional.ofNullable(searchTerm).or(() -> unlessTold),
                Optional.ofNullable(search).filter(words -> !words.isBlank()).map(SearchCriteria::parse));
    }

    /** In which order to process mails; empty for that of the mailbox. */
    Optional<SortOrder> sortOrder() {
        try {
            return Optional.ofNullable(sortTerm).map(SortOrder::parse);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("sortTerm: " + e.getMessage(), e);
        }
    }

    public String getFolderName() {
        return folderName;
    }

    /**
     * The folder to poll, or that a producer works in or on, in any script; the server's own separator between levels.
     * For a consumer also several, separated by commas, and patterns with * for anything or % for anything within one
     * level, such as INBOX,Archive/*: they are polled one after the other over one connection. A name in double quotes
     * is taken as it is.
     */
    public void setFolderName(String folderName) {
        this.folderName = folderName;
    }

    public boolean isUnseen() {
        return unseen;
    }

    /**
     * Whether to fetch only mails that nobody has seen. Without, all mails are fetched at every poll, unless they are
     * deleted or moved afterwards.
     */
    public void setUnseen(boolean unseen) {
        this.unseen = unseen;
    }

    public boolean isPeek() {
        return peek;
    }

    /**
     * Whether fetching leaves a mail unseen, so that it comes again if the route fails. Without, the server marks it as
     * seen while it is fetched.
     */
    public void setPeek(boolean peek) {
        this.peek = peek;
    }

    public String getCopyTo() {
        return copyTo;
    }

    /**
     * Folder to copy a mail to after the route has succeeded; made if it is missing. A header CamelMailCopyTo goes
     * before.
     */
    public void setCopyTo(String copyTo) {
        this.copyTo = copyTo;
    }

    public String getMoveTo() {
        return moveTo;
    }

    /**
     * Folder to move a mail to after the route has succeeded; made if it is missing. A header CamelMailMoveTo goes
     * before.
     */
    public void setMoveTo(String moveTo) {
        this.moveTo = moveTo;
    }

    public String getSearch() {
        return search;
    }

    /**
     * Further criteria in IMAP's own words (RFC 3501, SEARCH), such as FROM "ann" SINCE 1-Jan-2026. The server decides.
     */
    public void setSearch(String search) {
        this.search = search;
    }

    public MailSearchTerm getSearchTerm() {
        return searchTerm;
    }

    /**
     * Which mails to fetch, instead of the option unseen: a bean, or with the prefix searchTerm. the keys subject, body,
     * subjectOrBody, from, to, fromSentDate, toSentDate, fromReceivedDate, toReceivedDate and unseen (true if it is not
     * given). Dates are 2026-01-31 23:59:59, 2026-01-31 or relative, such as now-24h.
     */
    public void setSearchTerm(MailSearchTerm searchTerm) {
        this.searchTerm = searchTerm;
    }

    public String getSortTerm() {
        return sortTerm;
    }

    /**
     * In which order to process the mails of a poll: arrival, cc, date, from, size, subject and to, separated by commas,
     * each with a minus in front (or after the word reverse) for the greatest first, such as date,-size. The server
     * sorts if it can, else the headers of all mails that match are fetched to sort them here.
     */
    public void setSortTerm(String sortTerm) {
        this.sortTerm = sortTerm;
    }

    public String getFilterMail() {
        return filterMail;
    }

    /**
     * A predicate in the Simple language about headers, size and flags of a mail, asked before the body is fetched, such
     * as ${header.CamelMailSize} &lt; 1000000. A mail that it does not want is left as it is and not asked about again.
     */
    public void setFilterMail(String filterMail) {
        this.filterMail = filterMail;
    }

    public ImapPostProcessAction getPostProcessAction() {
        return postProcessAction;
    }

    /**
     * Something to do in the mailbox at the end of each poll, such as removing old mail.
     */
    public void setPostProcessAction(ImapPostProcessAction postProcessAction) {
        this.postProcessAction = postProcessAction;
    }

    public boolean isCloseFolder() {
        return closeFolder;
    }

    /**
     * Whether to close the folder after each poll where the connection is kept (disconnect=false). Nothing is expunged
     * by that. With idle it stays open.
     */
    public void setCloseFolder(boolean closeFolder) {
        this.closeFolder = closeFolder;
    }

    public StateRepository<String, String> getStateRepository() {
        return stateRepository;
    }

    /**
     * Remembers beyond a restart, in one entry per folder, how often mails have failed, and where seen mails are wanted too
     * (unseen=false) up to which UID of which UIDVALIDITY they are done: then each mail is taken once, and not at every
     * poll.
     */
    public void setStateRepository(StateRepository<String, String> stateRepository) {
        this.stateRepository = stateRepository;
    }

    public String getOnFailureMoveTo() {
        return onFailureMoveTo;
    }

    /**
     * Folder to move a mail to when the route has failed, as often as maxDeliveries says: at once, unless that is set;
     * made if it is missing.
     */
    public void setOnFailureMoveTo(String onFailureMoveTo) {
        this.onFailureMoveTo = onFailureMoveTo;
    }

    public String getOnFailureFlag() {
        return onFailureFlag;
    }

    /**
     * Flag to set on a mail when the route has failed, as often as maxDeliveries says (at once, unless that is set), such
     * as $Failed. The mail is let alone from then on. Without it, and without onFailureMoveTo, the flag is Flagged.
     */
    public void setOnFailureFlag(String onFailureFlag) {
        this.onFailureFlag = onFailureFlag;
    }

    /** What to set on a mail that has failed for good, checked. */
    Optional<Flag> failureFlag() {
        if (onFailureFlag == null) {
            return Optional.empty();
        }
        Flag flag = onFailureFlag.isEmpty() ? Flag.RECENT : new Flag(onFailureFlag);
        if (!flag.isStorable()) {
            throw new IllegalArgumentException(
                    "onFailureFlag must be a word such as $Failed, or a flag such as \\Flagged, not " + onFailureFlag);
        }
        return Optional.of(flag);
    }

    @Override
    public void setMaxDeliveries(int maxDeliveries) {
        super.setMaxDeliveries(maxDeliveries);
        saysMaxDeliveries = true;
    }

    /** Who says where failed mails go does not want them ten times first. */
    @Override
    public int getMaxDeliveries() {
        boolean isOnce = !saysMaxDeliveries && (onFailureMoveTo != null || onFailureFlag != null);
        return isOnce ? 1 : super.getMaxDeliveries();
    }

    /** How often the server may fail to give a mail: that is no failure of the route. */
    int maxFetches() {
        return super.getMaxDeliveries();
    }

    public boolean isChanges() {
        return changes;
    }

    /**
     * Whether to tell what happens in the folder instead of taking mails out of it: one message for each mail that is new,
     * whose flags have changed or that is gone, with a MailboxChange as the body, going on where the stateRepository says
     * that it ended.
     */
    public void setChanges(boolean changes) {
        this.changes = changes;
    }

    /**
     * Refuses options that choose or treat mails where changes are told.
     *
     * @throws IllegalArgumentException naming the option
     */
    void requireOnlyChanges() {
        if (stateRepository == null) {
            throw new IllegalArgumentException(
                    "changes=true needs a stateRepository, to know after a restart what has been told");
        }
        Map<String, Boolean> others = new LinkedHashMap<>();
        others.put("search", search != null);
        others.put("searchTerm", searchTerm != null);
        others.put("sortTerm", sortTerm != null);
        others.put("filterMail", filterMail != null);
        others.put("delete", isDelete());
        others.put("copyTo", copyTo != null);
        others.put("moveTo", moveTo != null);
        others.put("onFailureMoveTo", onFailureMoveTo != null);
        others.put("onFailureFlag", onFailureFlag != null);
        others.put("postProcessAction", postProcessAction != null);
        others.put("idempotentRepository", getIdempotentRepository() != null);
        others.put("mailUidGenerator", getMailUidGenerator() != null);
        others.forEach((name, isSet) -> {
            if (isSet) {
                throw new IllegalArgumentException("changes=true tells what happens to mails and leaves them alone, so "
                        + name + " means nothing there: take it out");
            }
        });
    }

    public boolean isIdle() {
        return idle;
    }

    /**
     * Whether to wait for the server to tell of new mail (IDLE) between polls, so that it is in the route at once. Where
     * the server cannot do that, the folder is polled every delay. Several folders are all waited for where the server has
     * NOTIFY; else the first is, and the others are polled every delay.
     */
    public void setIdle(boolean idle) {
        this.idle = idle;
    }

    public long getIdleRenewal() {
        return idleRenewal;
    }

    /**
     * How long one IDLE lasts at most; then the folder is searched and the next begins, so a connection that has died
     * unnoticed is found after this time. Less where a provider is known to want less (Yahoo 3 minutes).
     */
    public void setIdleRenewal(long idleRenewal) {
        this.idleRenewal = idleRenewal;
    }

    public String getAuthMechanisms() {
        return authMechanisms;
    }

    /**
     * Ways to log in, separated by commas, the most preferred first: SASL mechanisms (with AUTHENTICATE) and LOGIN-COMMAND.
     * By default the strongest that the server offers: SCRAM-SHA-256-PLUS, SCRAM-SHA-1-PLUS, SCRAM-SHA-256, SCRAM-SHA-1,
     * CRAM-MD5, with tokens OAUTHBEARER and XOAUTH2, EXTERNAL, PLAIN, LOGIN-COMMAND, LOGIN.
     */
    public void setAuthMechanisms(String authMechanisms) {
        this.authMechanisms = authMechanisms;
    }

    public ImapOperation getOperation() {
        return operation;
    }

    /**
     * What a producer does. A header CamelMailImapOperation goes before.
     */
    public void setOperation(ImapOperation operation) {
        this.operation = operation;
    }

    public String getTargetFolder() {
        return targetFolder;
    }

    /**
     * Where a producer copies or moves mails to, made if it is missing, or the new name of a folder. A header
     * CamelMailImapTargetFolder goes before.
     */
    public void setTargetFolder(String targetFolder) {
        this.targetFolder = targetFolder;
    }

    public String getSection() {
        return section;
    }

    /**
     * What the operation fetch fetches of a mail: whole, headers, text (all but the headers, as it is transferred),
     * structure, or the number of a part such as 2 or 1.3, decoded. A header CamelMailImapSection goes before.
     */
    public void setSection(String section) {
        this.section = section;
    }

    public boolean isKeepSession() {
        return keepSession;
    }

    /**
     * Whether a producer keeps its session from one exchange to the next, which then go one after the other. Otherwise each
     * exchange has a session of its own, which ends before the exchange goes on.
     */
    public void setKeepSession(boolean keepSession) {
        this.keepSession = keepSession;
    }

    public boolean isCompress() {
        return compress;
    }

    /**
     * Whether to compress the conversation where the server can do that (COMPRESS=DEFLATE): faster over slow networks, slower
     * over fast ones.
     */
    public void setCompress(boolean compress) {
        this.compress = compress;
    }
}
