using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.Sampling;
using IlgpuDca.Loader;
using IlgpuDca.Model.Weights;

namespace IlgpuDca.Model;

/// <summary>A text of a Llama model in one storage type.</summary>
sealed partial class LlamaSession<T, TElement, TPack> : TextSession
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TPack : unmanaged, IPack<TPack>
{
    readonly ModelConfig _config;
    readonly AcceleratorStream _stream;
    readonly DeviceWeights<T> _weights;
    readonly ModelKernels<T, TElement, TPack> _kernels;
    readonly DecoderLayer<T, TElement, TPack> _layer;
    readonly KvCache<T> _cache;
    readonly ActivationBuffers<T> _buffers;
    readonly MemoryBuffer1D<float, Stride1D.Dense> _ropeTable;
    readonly DcaGeometry _geometry;
    readonly float _scale;

    public LlamaSession(Accelerator accelerator, AcceleratorStream stream, ModelConfig config, DeviceWeights<T> weights, ModelKernels<T, TElement, TPack> kernels,
        DcaGeometry geometry, double temperature, int capacity, int slice)
    {
        (_config, _stream, _weights, _kernels, _geometry) = (config, stream, weights, kernels, geometry);
        _layer = new DecoderLayer<T, TElement, TPack>(config, kernels);
        _scale = (float)(temperature / Math.Sqrt(config.HeadDim));
        _ropeTable = accelerator.Allocate1D(RopeTable.Create(geometry.Positions(capacity), config.HeadDim, config.Rope.Theta));
        try
        {
            _cache = new KvCache<T>(accelerator, new KvLayout(config.KeyValueHeads, config.HeadDim), config.Layers, capacity);
            try
            {
                _buffers = new ActivationBuffers<T>(accelerator, config, geometry, Math.Min(slice, capacity));
            }
            catch
            {
                _cache.Dispose();
                throw;
            }
        }
        catch
        {
            _ropeTable.Dispose();
            throw;
        }
    }

    public override void Append(ReadOnlySpan<int> ids, IProgress<int>? progress, CancellationToken cancellation)
    {
        Check(ids);
        for (int start = 0; start < ids.Length; start += _buffers.Rows)
        {
            cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<int> slice = ids[start..Math.Min(start + _buffers.Rows, ids.Length)];
            Forward(slice);
            if (start + slice.Length == ids.Length)
                Project(slice.Length - 1, 1);
            Report(progress, start + slice.Length);
        }
    }

    public override float[] Score(ReadOnlySpan<int> ids, ReadOnlySpan<int> targets, IProgress<int>? progress, CancellationToken cancellation)
    {
        Check(ids);
        if (targets.Length != ids.Length)
            throw new ArgumentException($"Score: {ids.Length} tokens and {targets.Length} targets; there must be one for each.");
        CheckIds(targets);
        float[] losses = new float[ids.Length];
        for (int start = 0; start < ids.Length; start += _buffers.Rows)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(_buffers.Rows, ids.Length - start);
            Forward(ids.Slice(start, count));
            _buffers.Targets.SubView(0, count).CopyFromCPU(_stream, targets.Slice(start, count));
            for (int row = 0; row < count; row += Activations.LogitRows)
            {
                int rows = Math.Min(Activations.LogitRows, count - row);
                ArrayView<float> logits = Project(row, rows);
                _kernels.NegativeLogLikelihood.Run(_stream, logits, _buffers.Targets.SubView(row, rows), _buffers.Losses.SubView(row, rows), _config.VocabularySize);
            }
            _buffers.Losses.SubView(0, count).CopyToCPU(_stream, losses.AsSpan(start, count));
            progress?.Report(start + count);
        }
        return losses;
    }

    public override int Sample(SamplingOptions options, ReadOnlySpan<int> recent)
    {
        if (Length == 0)
            throw new InvalidOperationException("Sample: nothing was appended yet.");
        int look = options.HasPenalties ? Math.Min(Math.Min(options.RepeatLastN, recent.Length), ActivationBuffers<T>.RecentCapacity) : 0;
        ArrayView<int> window = _buffers.Recent.SubView(0, look);
        if (look > 0)
            window.CopyFromCPU(_stream, recent[^look..]);
        _kernels.Sampler.Run(_stream, _buffers.Logits.SubView(0, _config.VocabularySize), window, _buffers.Token, options, Length);
        int[] token = new int[1];
        _buffers.Token.CopyToCPU(_stream, token);
        return token[0];
    }

    public override float[] Logits()
    {
        float[] logits = new float[_config.VocabularySize];
        _buffers.Logits.SubView(0, logits.Length).CopyToCPU(_stream, logits);
        return logits;
    }

    public override void Dispose()
    {
        _stream.Synchronize();
        _buffers.Dispose();
        _cache.Dispose();
        _ropeTable.Dispose();
    }

    /// <summary>Carries a slice through all layers.</summary>
    void Forward(ReadOnlySpan<int> ids)
    {
        ArrayView<int> onDevice = _buffers.Ids.SubView(0, ids.Length);
        onDevice.CopyFromCPU(_stream, ids);
        _kernels.Embedding.Run(_stream, onDevice, _weights.Embedding.View, _buffers.Residual.SubView(0, (long)ids.Length * _config.HiddenSize), _config.HiddenSize);
        SliceContext slice = new(Length, ArrayView<int>.Empty, ids.Length, _kernels.FlashDecoding.Splits(Length + 1, _config.Heads, _cache.Layout), _geometry, _ropeTable.View, _scale);
        for (int layer = 0; layer < _config.Layers; layer++)
            _layer.Forward(_stream, _weights.Layers[layer], _buffers, _cache, layer, slice);
        Length += ids.Length;
    }

    /// <summary>Final norm and logits of some rows of the slice that was just carried through.</summary>
    ArrayView<float> Project(int row, int rows)
    {
        int hidden = _config.HiddenSize;
        ArrayView<T> normed = _buffers.Normed.SubView(0, (long)rows * hidden);
        ArrayView<float> logits = _buffers.Logits.SubView(0, (long)rows * _config.VocabularySize);
        _kernels.RmsNorm.Run(_stream, _buffers.Residual.SubView((long)row * hidden, (long)rows * hidden), _weights.FinalNorm.View, normed, (float)_config.RmsNormEpsilon);
        _kernels.MatMul.Run(_stream, normed, _weights.Output.View, logits, new MatMulShape(rows, _config.VocabularySize, hidden));
        return logits;
    }

    void Report(IProgress<int>? progress, int done)
    {
        if (progress is null)
            return;
        _stream.Synchronize();
        progress.Report(done);
    }

    void Check(ReadOnlySpan<int> ids)
    {
        if (ids.IsEmpty)
            throw new ArgumentException("a text needs at least one token.");
        if (ids.Length > Capacity - Length)
            throw new ContextExceededException($"{Length} tokens and {ids.Length} more are {(long)Length + ids.Length}, above the context of {Capacity}: shorten the prompt, or raise --ctx-size.");
        CheckIds(ids);
    }

    void CheckIds(ReadOnlySpan<int> ids)
    {
        foreach (int id in ids)
            if ((uint)id >= (uint)_config.VocabularySize)
                throw new UsageException($"token id {id} is not in the vocabulary of {_config.VocabularySize}: ids are 0 to {_config.VocabularySize - 1}.");
    }
}
