namespace IlgpuDca.Loader;

/// <summary>A Llama model's files, opened and checked against each other.</summary>
public sealed class LlamaFiles : IDisposable
{
    LlamaFiles(ModelConfig config, ModelWeights weights)
    {
        (Config, Weights) = (config, weights);
        Tensors = LlamaTensors.Check(config, weights);
    }

    /// <summary>config.json.</summary>
    public ModelConfig Config { get; }

    /// <summary>All tensors as stored.</summary>
    public ModelWeights Weights { get; }

    /// <summary>The tensors by their part in the model.</summary>
    public LlamaTensors Tensors { get; }

    /// <summary>Opens config and weights; throws <see cref="ModelFormatException"/>.</summary>
    public static LlamaFiles Open(ModelSource source)
    {
        ModelConfig config = ModelConfig.Open(source);
        ModelWeights weights = ModelWeights.Open(source);
        try
        {
            return new LlamaFiles(config, weights);
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
