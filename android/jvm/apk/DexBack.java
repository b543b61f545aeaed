import com.googlecode.d2j.dex.Dex2jar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Dex files back to one jar, so that a JVM can run what was dexed. Use: `DexBack OUT.jar CLASSES.dex…`. */
public class DexBack {
    private final TreeMap<String, byte[]> classes = new TreeMap<>();
    private final Set<String> interfaces = new HashSet<>();

    public static void main(String[] arguments) throws IOException {
        var back = new DexBack();
        for (int i = 1; i < arguments.length; i++) back.read(Path.of(arguments[i]));
        back.write(Path.of(arguments[0]));
    }

    private void read(Path dex) throws IOException {
        Path jar = Files.createTempFile("back", ".jar");
        try {
            Files.delete(jar);
            Dex2jar.from(Files.readAllBytes(dex)).dontSanitizeNames(true).to(jar);
            try (var zip = new ZipFile(jar.toFile())) {
                for (var entries = zip.entries(); entries.hasMoreElements();) {
                    ZipEntry entry = entries.nextElement();
                    if (entry.getName().endsWith(".class")) keep(zip.getInputStream(entry).readAllBytes());
                }
            }
        } finally {
            Files.deleteIfExists(jar);
        }
    }

    private void keep(byte[] bytes) {
        var reader = new ClassReader(bytes);
        if ((reader.getAccess() & Opcodes.ACC_INTERFACE) != 0) interfaces.add(reader.getClassName());
        classes.put(reader.getClassName(), bytes);
    }

    private void write(Path jar) throws IOException {
        try (var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (var one : classes.entrySet()) {
                zip.putNextEntry(new ZipEntry(one.getKey() + ".class"));
                zip.write(mended(one.getValue()));
                zip.closeEntry();
            }
        }
        System.out.println(classes.size() + " classes back from dex");
    }

    /** A dex file does not say of a static or super call whether its owner is an interface; a class file must. */
    private byte[] mended(byte[] bytes) {
        var writer = new ClassWriter(0);
        new ClassReader(bytes).accept(new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                return new MethodVisitor(Opcodes.ASM9, super.visitMethod(access, name, descriptor, signature, exceptions)) {
                    @Override
                    public void visitMethodInsn(int code, String owner, String called, String type, boolean ofInterface) {
                        super.visitMethodInsn(code, owner, called, type, ofInterface || isInterface(owner));
                    }
                };
            }
        }, 0);
        return writer.toByteArray();
    }

    /** Of the app's classes by what was read, of Java's own by looking. */
    private boolean isInterface(String name) {
        if (classes.containsKey(name) || name.startsWith("[")) return interfaces.contains(name);
        try {
            return Class.forName(name.replace('/', '.'), false, getClass().getClassLoader()).isInterface();
        } catch (ClassNotFoundException | LinkageError absent) {
            return false;
        }
    }
}
