import java.nio.file.Files;
import java.nio.file.Path;
import org.jetbrains.kotlin.cli.FrontendConfigurationKeysKt;
import org.jetbrains.kotlin.cli.jvm.compiler.EnvironmentConfigFiles;
import org.jetbrains.kotlin.cli.jvm.compiler.KotlinCoreEnvironment;
import org.jetbrains.kotlin.com.intellij.openapi.util.Disposer;
import org.jetbrains.kotlin.com.intellij.psi.PsiErrorElement;
import org.jetbrains.kotlin.com.intellij.psi.util.PsiTreeUtil;
import org.jetbrains.kotlin.compiler.plugin.CompilerPluginRegistrar;
import org.jetbrains.kotlin.config.CompilerConfiguration;
import org.jetbrains.kotlin.psi.KtPsiFactory;

/**
 * Reads Gradle's scripts with the parser of Kotlin's compiler and tells each place that it cannot read. What they call is Gradle's,
 * which is not here. Use: `Scripts FILE.kts…`.
 */
public class Scripts {
    public static void main(String[] arguments) throws Exception {
        var end = Disposer.newDisposable("scripts");
        var settings = new CompilerConfiguration();
        FrontendConfigurationKeysKt.setExtensionsStorage(settings, new CompilerPluginRegistrar.ExtensionStorage());
        var environment = KotlinCoreEnvironment.createForProduction(end, settings, EnvironmentConfigFiles.JVM_CONFIG_FILES);
        var factory = new KtPsiFactory(environment.getProject(), false);
        int wrong = 0;
        for (String name : arguments) {
            String text = Files.readString(Path.of(name));
            var file = factory.createFile("script.kts", text);
            for (var error : PsiTreeUtil.collectElementsOfType(file, PsiErrorElement.class)) {
                long line = text.substring(0, error.getTextOffset()).chars().filter(c -> c == '\n').count() + 1;
                System.out.println(name + ":" + line + ": " + error.getErrorDescription());
                wrong++;
            }
        }
        System.out.println(arguments.length + " scripts, " + wrong + " errors");
        Disposer.dispose(end);
        System.exit(wrong == 0 && arguments.length > 0 ? 0 : 1);
    }
}
