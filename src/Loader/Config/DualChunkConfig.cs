namespace IlgpuDca.Loader;

/// <summary>The <c>dual_chunk_attention_config</c> of config.json. All sizes are in tokens.</summary>
/// <param name="ChunkSize">chunk_size; the largest query position, unless 2s - 1 is smaller.</param>
/// <param name="LocalSize">local_size; how many positions the successive chunk keeps exact.</param>
/// <param name="OriginalMaxPositionEmbeddings">Above it the attention temperature grows; 0: never.</param>
public sealed record DualChunkConfig(int ChunkSize, int LocalSize, int OriginalMaxPositionEmbeddings)
{
    /// <summary>s: tokens from the start of one chunk to the start of the next.</summary>
    public int ChunkLength => ChunkSize - LocalSize;

    /// <summary>pmax: the largest position a query is rotated with.</summary>
    public int MaxQueryPosition => (int)Math.Min(2L * ChunkLength - 1, ChunkSize);

    /// <summary>Reads the block; absent keys have the defaults of the published implementations.</summary>
    internal static DualChunkConfig Read(ConfigObject block)
    {
        int chunk = block.Integer("chunk_size", 1, ModelConfig.MostTokens, 8_192);
        int local = block.Integer("local_size", 0, ModelConfig.MostTokens, 1_024);
        if (local >= chunk)
            throw block.Fault("local_size", $"is {local}, expected less than chunk_size {chunk}");
        int original = block.Integer("original_max_position_embeddings", 0, ModelConfig.MostTokens, 0);
        return new DualChunkConfig(chunk, local, original);
    }
}
