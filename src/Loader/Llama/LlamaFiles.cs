using IlgpuDca.Loader.Quantization;

namespace IlgpuDca.Loader;

/// <summary>A Llama model's files, opened and checked against each other.</summary>
public sealed class LlamaFiles : IDisposable
{
    LlamaFiles(ModelConfig config, ModelWeights weights, GgufMetadata? metadata)
    {
        (Config, Weights, Metadata) = (config, weights, metadata);
        Tensors = LlamaTensors.Check(config, weights);
    }

    /// <summary>config.json, or what another format has in its place.</summary>
    public ModelConfig Config { get; }

    /// <summary>The metadata of a GGUF file, which also holds the tokenizer; null for other formats.</summary>
    public GgufMetadata? Metadata { get; }

    /// <summary>All tensors as stored.</summary>
    public ModelWeights Weights { get; }

    /// <summary>The tensors by their part in the model.</summary>
    public LlamaTensors Tensors { get; }

    /// <summary>
    /// Opens config and weights: a folder with config.json and safetensors, or with one GGUF model; a GGUF file; a
    /// llama2.c file. Throws <see cref="ModelFormatException"/>.
    /// </summary>
    public static LlamaFiles Open(ModelSource source)
    {
        (ModelConfig config, ModelWeights weights, GgufMetadata? metadata) = OpenParts(source);
        try
        {
            return new LlamaFiles(config, weights, metadata);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    static (ModelConfig Config, ModelWeights Weights, GgufMetadata? Metadata) OpenParts(ModelSource source)
    {
        string? file = source.ModelFile ?? GgufParts.Only(source);
        if (file is null)
            return OpenFolder(source);
        if (file.EndsWith(GgufFile.Ending, StringComparison.Ordinal))
        {
            GgufModel model = GgufModel.Open(source, file);
            return (model.Config, model.Weights, model.Metadata);
        }
        (ModelConfig config, ModelWeights weights) = Llama2cFile.Open(source.Open(file));
        return (config, weights, null);
    }

    static (ModelConfig Config, ModelWeights Weights, GgufMetadata? Metadata) OpenFolder(ModelSource source)
    {
        ModelConfig config = ModelConfig.Open(source);
        ModelWeights weights = ModelWeights.Open(source);
        try
        {
            if (config.Quantization is { } quantization)
                new PackedWeights(weights, quantization, config.Architecture).Derive();
            return (config, weights, null);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>Opens a tokenizer and checks that every id of it is a row of this model's embedding.</summary>
    /// <param name="file">The bytes of a tokenizer.model; disposed here.</param>
    public SentencePieceTokenizer OpenTokenizer(FileBytes file)
    {
        string name = file.Name;
        SentencePieceTokenizer tokenizer = SentencePieceTokenizer.Open(file);
        return tokenizer.VocabularySize <= Config.VocabularySize ? tokenizer
            : throw new ModelFormatException(name,
                $"has {tokenizer.VocabularySize} pieces, but 'vocab_size' of config.json is {Config.VocabularySize}. "
                + "Fix: use the tokenizer.model that came with the weights.");
    }

    /// <inheritdoc/>
    public void Dispose() => Weights.Dispose();
}
