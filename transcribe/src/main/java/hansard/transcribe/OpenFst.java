package hansard.transcribe;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * The part of OpenFst that is inside Vosk's library and that Vosk has no call for. The library exports it under the names its C++
 * compiler gave it, so it is found in the build of Vosk that is on the class path and perhaps in no other: an {@link UnsatisfiedLinkError}
 * says so. A C++ exception ends the process: for a process of its own.
 *
 * <p>{@code Fst} is {@code fst::Fst<fst::StdArc>} throughout. What is read and made is never freed; the process is for one graph.
 */
final class OpenFst {
    private static final String ARC = "INS_6ArcTplINS_17TropicalWeightTplIfEEEE";
    private static final String VECTOR_STATE = "INS_11VectorStateINS_6ArcTplINS_17TropicalWeightTplIfEEEESaIS7_EEEEE";
    private static final String MUTABLE = "NS_10MutableFstIS7_EEE";

    /** {@code static Fst *Fst::Read(const std::string &source)}. */
    private static final String READ = "_ZN3fst3Fst" + ARC + "E4ReadERKSs";
    /** {@code Fst *fst::LookaheadComposeFst(const Fst &, const Fst &, const std::vector<int> &to_remove)}: Kaldi's. */
    private static final String COMPOSE = "_ZN3fst19LookaheadComposeFst" + ARC
            + "iEEPNS_9ArcMapFstIT_S6_NS_28RemoveSomeInputSymbolsMapperIS6_T0_EEEERKNS_3FstIS6_EESF_RKSt6vectorIS8_SaIS8_EE";
    /** {@code static Fst *FstRegisterer<VectorFst>::Convert(const Fst &)}. */
    private static final String TO_VECTOR =
            "_ZN3fst13FstRegistererINS_9VectorFst" + ARC + "NS_11VectorStateIS5_SaIS5_EEEEEE7ConvertERKNS_3FstIS5_EE";
    /** {@code const SymbolTable *VectorFst::OutputSymbols() const}. */
    private static final String SYMBOLS =
            "_ZNK3fst9ImplToFstINS_8internal13VectorFstImpl" + VECTOR_STATE + MUTABLE + "13OutputSymbolsEv";
    /** {@code void VectorFst::SetOutputSymbols(const SymbolTable *)}. */
    private static final String SET_SYMBOLS = "_ZN3fst16ImplToMutableFstINS_8internal13VectorFstImpl" + VECTOR_STATE
            + MUTABLE + "16SetOutputSymbolsEPKNS_11SymbolTableE";
    /** {@code bool SymbolTable::WriteText(const std::string &source) const}. */
    private static final String WRITE_SYMBOLS = "_ZNK3fst11SymbolTable9WriteTextERKSs";
    /** {@code static Fst *FstRegisterer<ConstFst>::Convert(const Fst &)}. */
    private static final String TO_CONST = "_ZN3fst13FstRegistererINS_8ConstFst" + ARC + "jEEE7ConvertERKNS_3FstIS5_EE";
    /** {@code bool ConstFst::Write(const std::string &source) const}. */
    private static final String WRITE = "_ZNK3fst8ConstFst" + ARC + "jE5WriteERKSs";
    /** {@code std::string::string(const char *, const std::allocator<char> &)}, of the library that Vosk's is linked with. */
    private static final String STRING = "_ZNSsC1EPKcRKSaIcE";

    private final NativeLibrary vosk = NativeLibrary.getInstance("vosk");
    private final NativeLibrary standard = NativeLibrary.getInstance("libstdc++.so.6");

    /** @return null when it cannot be read; the library has said why on the standard error */
    @Nullable
    Pointer read(String file) {
        return pointer(READ, string(file));
    }

    /**
     * The graph that is put together from two as it is walked.
     *
     * @param disambiguation input labels that stand for nothing
     */
    Pointer composed(Pointer first, Pointer second, int[] disambiguation) {
        long bytes = (long) Integer.BYTES * disambiguation.length;
        Memory labels = new Memory(Math.max(bytes, Integer.BYTES));
        labels.write(0, disambiguation, 0, disambiguation.length);
        Memory vector = new Memory(3L * Long.BYTES); // begin, end, end of what is reserved
        vector.setPointer(0, labels);
        vector.setPointer(Long.BYTES, labels.share(bytes));
        vector.setPointer(2L * Long.BYTES, labels.share(bytes));
        return some(pointer(COMPOSE, first, second, vector));
    }

    /** All of a graph, walked to its end, so that it can be changed. */
    Pointer whole(Pointer graph) {
        return some(pointer(TO_VECTOR, graph));
    }

    /** Takes the words' table out of a {@link #whole} graph and writes it, a word and its number a line. @return false when it has none */
    boolean takeWords(Pointer whole, String file) {
        Pointer words = pointer(SYMBOLS, whole);
        if (words == null) {
            return false;
        }
        written(WRITE_SYMBOLS, words, file);
        vosk.getFunction(SET_SYMBOLS).invokeVoid(new @Nullable Object[] {whole, null});
        return true;
    }

    /** Writes a graph as Kaldi's decoders read it. */
    void write(Pointer graph, String file) {
        written(WRITE, some(pointer(TO_CONST, graph)), file);
    }

    private void written(String by, Pointer what, String file) {
        boolean written = (vosk.getFunction(by).invokeInt(new Object[] {what, string(file)}) & 0xff) != 0; // a C++ bool
        if (!written) {
            throw new IllegalStateException(file + " could not be written");
        }
    }

    private Pointer string(String text) {
        Memory string = new Memory(Long.BYTES);
        standard.getFunction(STRING).invokeVoid(new Object[] {string, text, new Memory(1)});
        return string;
    }

    private @Nullable Pointer pointer(String name, Pointer... arguments) {
        Function function = vosk.getFunction(name);
        return function.invokePointer(arguments);
    }

    private static Pointer some(@Nullable Pointer made) {
        if (made == null) {
            throw new IllegalStateException("OpenFst made nothing");
        }
        return made;
    }
}
