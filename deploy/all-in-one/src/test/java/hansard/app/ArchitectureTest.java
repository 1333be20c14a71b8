package hansard.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows of ARCHITECTURE.md, and the fences around the libraries. */
@AnalyzeClasses(packages = "hansard", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] STAGES = {
        "hansard.ingest..",
        "hansard.decrypt..",
        "hansard.transcode..",
        "hansard.transcribe..",
        "hansard.index..",
        "hansard.retention..",
        "hansard.console.."
    };

    @ArchTest
    static final ArchRule onlyTheLauncherKnowsStages = noClasses()
            .that()
            .resideOutsideOfPackages(with(STAGES, "hansard.app.."))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(STAGES);

    @ArchTest
    static final ArchRule packagesHaveNoCircles =
            slices().matching("hansard.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule stagesDoNotImportStages = slices().matching(
                    "hansard.(ingest|decrypt|transcode|transcribe|index|retention|console)..")
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule nothingThatOpensKeysIsNearIngest = noClasses()
            .that()
            .resideInAPackage("hansard.ingest..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "hansard.keys..",
                    "hansard.sealer..",
                    "hansard.store..",
                    "org.bouncycastle..",
                    "software.amazon.awssdk..",
                    "javax.crypto..");

    @ArchTest
    static final ArchRule ffmpegLivesInTranscode = fenced("org.bytedeco..", "hansard.transcode..");

    @ArchTest
    static final ArchRule opusLivesInTranscode = fenced("org.lwjgl..", "hansard.transcode..");

    @ArchTest
    static final ArchRule voskLivesInTranscribe = fenced("org.vosk..", "hansard.transcribe..");

    @ArchTest
    static final ArchRule luceneLivesInIndex = fenced("org.apache.lucene..", "hansard.index..");

    @ArchTest
    static final ArchRule bouncyCastleLivesInKeysAndTheSealer =
            fenced("org.bouncycastle..", "hansard.keys..", "hansard.sealer..");

    @ArchTest
    static final ArchRule awsLivesInModulesOfItsOwn = fenced("software.amazon.awssdk..", "hansard.keys.aws..");

    @ArchTest
    static final ArchRule theClientOfAwsKmsIsFoundAndNeverNamed = noClasses()
            .that()
            .resideOutsideOfPackage("hansard.keys.aws..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("hansard.keys.aws..");

    @ArchTest
    static final ArchRule theSealerNeedsNothingOfOurs = noClasses()
            .that()
            .resideInAPackage("hansard.sealer..")
            .should()
            .dependOnClassesThat(JavaClass.Predicates.resideInAPackage("hansard..")
                    .and(JavaClass.Predicates.resideOutsideOfPackage("hansard.sealer..")));

    @ArchTest
    static final ArchRule tinkLivesInStore = fenced("com.google.crypto.tink..", "hansard.store..");

    @ArchTest
    static final ArchRule kafkasServerLivesInBroker = fenced("kafka.server..", "hansard.broker..");

    @ArchTest
    static final ArchRule noClassIsCalledAfterNothing =
            noClasses().should().haveNameMatching(".*(Manager|Util|Utils|Helper|Impl|Base|Info)");

    @ArchTest
    static final ArchRule stagesShowAServiceAndAConfig = classes()
            .that()
            .resideInAnyPackage(STAGES)
            .and()
            .arePublic()
            .and()
            .areTopLevelClasses()
            .should()
            .haveNameMatching(".*(Service|Config|package-info)");

    private static ArchRule fenced(String library, String... homes) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(homes)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }

    private static String[] with(String[] packages, String more) {
        String[] all = java.util.Arrays.copyOf(packages, packages.length + 1);
        all[packages.length] = more;
        return all;
    }
}
