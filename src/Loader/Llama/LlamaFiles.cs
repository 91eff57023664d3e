using IlgpuDca.Loader.Quantization;

namespace IlgpuDca.Loader;

/// <summary>A Llama model's files, opened and checked against each other.</summary>
public sealed class LlamaFiles : IDisposable
{
    LlamaFiles(ModelConfig config, ModelWeights weights, GgufModel? gguf)
    {
        (Config, Weights, Gguf) = (config, weights, gguf);
        Tensors = LlamaTensors.Check(config, weights);
    }

    /// <summary>config.json, or what another format has in its place.</summary>
    public ModelConfig Config { get; }

    /// <summary>The metadata of a GGUF file, which also holds the tokenizer; null for other formats.</summary>
    public GgufMetadata? Metadata => Gguf?.Metadata;

    /// <summary>What a GGUF file has beside config and weights; null for other formats.</summary>
    internal GgufModel? Gguf { get; }

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
        (ModelConfig config, ModelWeights weights, GgufModel? gguf) = OpenParts(source);
        try
        {
            return new LlamaFiles(config, weights, gguf);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    static (ModelConfig Config, ModelWeights Weights, GgufModel? Gguf) OpenParts(ModelSource source)
    {
        string? file = source.ModelFile ?? GgufParts.Only(source);
        if (file is null)
            return OpenFolder(source);
        if (file.EndsWith(GgufFile.Ending, StringComparison.Ordinal))
        {
            GgufModel model = GgufModel.Open(source, file);
            return (model.Config, model.Weights, model);
        }
        (ModelConfig config, ModelWeights weights) = Llama2cFile.Open(source.Open(file));
        return (config, weights, null);
    }

    static (ModelConfig Config, ModelWeights Weights, GgufModel? Gguf) OpenFolder(ModelSource source)
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

    /// <summary>
    /// Opens the model's own tokenizer, or another, and checks that every id of it is a row of this model's embedding.
    /// </summary>
    /// <param name="source">Where the model lies.</param>
    /// <param name="path">A tokenizer file of any kind; null: the model's own.</param>
    /// <returns>Null where the model has none.</returns>
    public Tokenizer? OpenTokenizer(ModelSource source, string? path = null)
    {
        Tokenizer? tokenizer = path is null ? TokenizerFiles.Find(source, Metadata) : TokenizerFiles.Open(path);
        return tokenizer is null || tokenizer.VocabularySize <= Config.VocabularySize ? tokenizer
            : throw new ModelFormatException(path ?? source.Name,
                $"has a tokenizer of {tokenizer.VocabularySize} pieces, but the model's 'vocab_size' is "
                + $"{Config.VocabularySize}. Fix: use the tokenizer that came with the weights.");
    }

    /// <inheritdoc/>
    public void Dispose() => Weights.Dispose();
}
