import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.charfilter.MappingCharFilter;
import org.apache.lucene.analysis.charfilter.NormalizeCharMap;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.KeepWordFilter;
import org.apache.lucene.analysis.pattern.PatternReplaceCharFilter;
import org.apache.lucene.analysis.pattern.SimplePatternTokenizer;
import org.apache.lucene.analysis.synonym.SolrSynonymParser;
import org.apache.lucene.analysis.synonym.SynonymGraphFilter;
import org.apache.lucene.analysis.synonym.SynonymMap;
import org.elasticsearch.cluster.node.DiscoveryNodes;
import org.elasticsearch.common.regex.Regex;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.features.NodeFeature;
import org.elasticsearch.index.analysis.AbstractCharFilterFactory;
import org.elasticsearch.index.analysis.AbstractTokenFilterFactory;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.PreConfiguredTokenFilter;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.ActionPlugin;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.rest.RestHandler;

/**
 * The parts of the product that we need and that are not on Maven Central, from the same Lucene
 * classes and with the product's parameters: the {@code mapping} and {@code pattern_replace} char
 * filters, the {@code simple_pattern} tokenizer, the {@code keep}, {@code synonym_graph} and
 * {@code asciifolding} token filters; and {@code GET /}.
 */
public final class Parts extends Plugin implements AnalysisPlugin, ActionPlugin {
    private static final Pattern RULE = Pattern.compile("(.*)\\s*=>\\s*(.*)\\s*$", Pattern.DOTALL);
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})|(.))", Pattern.DOTALL);

    @Override
    public List<PreConfiguredTokenFilter> getPreConfiguredTokenFilters() {
        return List.of(PreConfiguredTokenFilter.singleton("asciifolding", true, ASCIIFoldingFilter::new));
    }

    @Override
    public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
        return Map.of(
            "keep", AnalysisPlugin.requiresAnalysisSettings((index, environment, name, settings) -> {
                CharArraySet words = new CharArraySet(settings.getAsList("keep_words"), false);
                return tokenFilter(name, tokens -> new KeepWordFilter(tokens, words));
            }),
            "synonym_graph", AnalysisPlugin.requiresAnalysisSettings((index, environment, name, settings) -> {
                SynonymMap synonyms = synonyms(settings.getAsList("synonyms"));
                return tokenFilter(name, tokens -> new SynonymGraphFilter(tokens, synonyms, false));
            }));
    }

    private static TokenFilterFactory tokenFilter(
        String name, java.util.function.UnaryOperator<TokenStream> wrap) {
        return new AbstractTokenFilterFactory(name) {
            @Override
            public TokenStream create(TokenStream tokens) {
                return wrap.apply(tokens);
            }
        };
    }

    /** Lines of words that stand for each other, as the product reads them by default. */
    private static SynonymMap synonyms(List<String> lines) throws java.io.IOException {
        SolrSynonymParser parser = new SolrSynonymParser(true, true, new WhitespaceAnalyzer());
        try {
            parser.parse(new java.io.StringReader(String.join("\n", lines)));
        } catch (java.text.ParseException e) {
            throw new IllegalArgumentException("no synonyms", e);
        }
        return parser.build();
    }

    @Override
    public Map<String, AnalysisProvider<TokenizerFactory>> getTokenizers() {
        return Map.of("simple_pattern", (index, environment, name, settings) -> {
            String pattern = settings.get("pattern", "");
            return TokenizerFactory.newFactory(name, () -> new SimplePatternTokenizer(pattern));
        });
    }

    @Override
    public Map<String, AnalysisProvider<CharFilterFactory>> getCharFilters() {
        return Map.of(
            "mapping", AnalysisPlugin.requiresAnalysisSettings(
                (index, environment, name, settings) -> mapping(name, settings)),
            "pattern_replace", AnalysisPlugin.requiresAnalysisSettings(
                (index, environment, name, settings) -> patternReplace(name, settings)));
    }

    private static CharFilterFactory patternReplace(String name, Settings settings) {
        Pattern pattern = Regex.compile(settings.get("pattern"), settings.get("flags"));
        String replacement = settings.get("replacement", "");
        return charFilter(name, reader -> new PatternReplaceCharFilter(pattern, replacement, reader));
    }

    private static CharFilterFactory mapping(String name, Settings settings) {
        NormalizeCharMap.Builder rules = new NormalizeCharMap.Builder();
        for (String rule : settings.getAsList("mappings")) {
            Matcher sides = RULE.matcher(rule);
            if (sides.find() == false) {
                throw new IllegalArgumentException("no mapping rule: [" + rule + "]");
            }
            rules.add(unescaped(sides.group(1).trim()), unescaped(sides.group(2).trim()));
        }
        NormalizeCharMap map = rules.build();
        return charFilter(name, reader -> new MappingCharFilter(map, reader));
    }

    private static CharFilterFactory charFilter(
        String name, java.util.function.UnaryOperator<java.io.Reader> wrap) {
        return new AbstractCharFilterFactory(name) {
            @Override
            public java.io.Reader create(java.io.Reader reader) {
                return wrap.apply(reader);
            }
        };
    }

    private static String unescaped(String side) {
        return ESCAPE.matcher(side).replaceAll(found -> Matcher.quoteReplacement(
            found.group(1) != null ? String.valueOf((char) Integer.parseInt(found.group(1), 16))
                : named(found.group(2))));
    }

    private static String named(String letter) {
        int at = "ntrbf".indexOf(letter);
        return at < 0 ? letter : String.valueOf("\n\t\r\b\f".charAt(at));
    }

    @Override
    public Collection<RestHandler> getRestHandlers(
        RestHandlersServices services, Supplier<DiscoveryNodes> nodes, Predicate<NodeFeature> features) {
        return List.of(new Root(nodes));
    }
}
