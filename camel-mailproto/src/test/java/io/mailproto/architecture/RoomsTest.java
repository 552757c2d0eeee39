package io.mailproto.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/**
 * The rooms of {@code docs/architecture.md}, kept: who may know whom. Plain JUnit methods rather than ArchUnit's own test
 * engine, because Surefire neither counts nor selects the rules that engine runs.
 */
class RoomsTest {
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.mailproto");

    private static final DescribedPredicate<JavaClass> OURS = resideInAPackage("io.mailproto..");

    private static final String SOCKET_CLASSES = "java\\.net\\.(Server|Datagram)?Socket"
            + "|javax\\.net\\.(Server)?SocketFactory"
            + "|javax\\.net\\.ssl\\.SSL((Server)?Socket(Factory)?|Engine)"
            + "|java\\.nio\\.channels\\.(Server|Datagram|AsynchronousServer|Asynchronous)?Socket(Channel)?";

    @Test
    void theHouseIsReadAtAll() {
        assertThat(HOUSE).hasSizeGreaterThan(5);
    }

    @Test
    void onlyComponentKnowsCamel() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.mailproto.component..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.camel.."));
    }

    @Test
    void onlyWireHasSockets() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.mailproto.wire..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(SOCKET_CLASSES));
    }

    @Test
    void onlyDnsKnowsDnsjava() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.mailproto.dns..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.xbill.."));
    }

    @Test
    void onlyMimeKnowsMime4j() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.mailproto.mime..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.james.."));
    }

    @Test
    void nobodyKnowsAnotherMailLibrary() {
        check(noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta.mail..", "org.eclipse.angus..", "org.apache.commons.net..", "io.netty.."));
    }

    @Test
    void wireSpoolSaslAndAddressKnowNobody() {
        check(mayUseOfOurs("wire"));
        check(mayUseOfOurs("spool"));
        check(mayUseOfOurs("sasl"));
        check(mayUseOfOurs("address"));
    }

    @Test
    void dnsAndMimeKnowOnlyWhatTheyReadInto() {
        check(mayUseOfOurs("dns", "address"));
        check(mayUseOfOurs("mime", "address", "spool"));
    }

    @Test
    void protocolsKnowTheirGroundButNotEachOther() {
        check(mayUseOfOurs("smtp", "wire", "spool", "sasl", "address", "dns"));
        check(mayUseOfOurs("pop3", "wire", "spool", "sasl"));
        check(mayUseOfOurs("imap", "wire", "spool", "sasl"));
    }

    @Test
    void ofSmtpOnlyMxLooksUpNames() {
        check(noClasses()
                .that()
                .resideInAPackage("io.mailproto.smtp..")
                .and()
                .resideOutsideOfPackage("io.mailproto.smtp.mx..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.mailproto.dns.."));
    }

    @Test
    void smtpClientAndServerShareOnlyTheWordsAboveThem() {
        check(slices().matching("io.mailproto.smtp.(client|server)..")
                .should()
                .notDependOnEachOther()
                .allowEmptyShould(true));
    }

    @Test
    void endpointFamiliesDoNotKnowEachOther() {
        check(slices().matching("io.mailproto.component.(smtp|mx|pop3|imap)..")
                .should()
                .notDependOnEachOther()
                .allowEmptyShould(true));
    }

    @Test
    void packagesAreFreeOfCycles() {
        check(slices().matching("io.mailproto.(**)").should().beFreeOfCycles());
    }

    @Test
    void noStaticFieldChanges() {
        check(fields().that()
                .areStatic()
                .should()
                .beFinal()
                .because("two contexts in one JVM must not see each other"));
    }

    /** Rooms that are still empty break no rule. */
    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(HOUSE);
    }

    /** Classes of {@code room} use, of ours, only the room itself and {@code others}. */
    private static ArchRule mayUseOfOurs(String room, String... others) {
        var allowed = new String[others.length + 1];
        allowed[0] = "io.mailproto." + room + "..";
        for (int i = 0; i < others.length; i++) {
            allowed[i + 1] = "io.mailproto." + others[i] + "..";
        }
        return classes()
                .that()
                .resideInAPackage(allowed[0])
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(allowed).or(not(OURS)));
    }
}
