using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.Quantization;
using IlgpuDca.Kernels.Sampling;
using IlgpuDca.Loader;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Weights;
#if !ILGPU_PACKAGE
using IlgpuDca.Ilgpu.Extensions;
#endif

namespace IlgpuDca.Model;

/// <summary>A text of a Llama model in one storage type.</summary>
sealed partial class LlamaSession<T, TElement, TPack> : TextSession
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TPack : unmanaged, IPack<TPack>
{
    readonly List<IDisposable> _owned = [];
    readonly ModelConfig _config;
    readonly AcceleratorStream _stream;
    readonly DeviceWeights<T> _weights;
    readonly ModelKernels<T, TElement, TPack> _kernels;
    readonly DecoderLayer<T, TElement, TPack> _layer;
    readonly KvCache _cache;
    readonly ActivationBuffers<T> _buffers;
    readonly TokenRing _ring;
    readonly StepLauncher _launcher;
    readonly MemoryBuffer1D<float, Stride1D.Dense> _ropeTable;
    readonly DcaGeometry _geometry;
    readonly float _scale;

    /// <summary>Tokens drawn since the last Append, and how many of them were read.</summary>
    int _drawn, _read;

    public LlamaSession(Accelerator accelerator, AcceleratorStream stream, ModelConfig config, DeviceWeights<T> weights, ModelKernels<T, TElement, TPack> kernels,
        DcaGeometry geometry, double temperature, RopeScaling rope, int capacity, int slice)
    {
        (_config, _stream, _weights, _kernels, _geometry) = (config, stream, weights, kernels, geometry);
        _layer = new DecoderLayer<T, TElement, TPack>(config, kernels);
        _scale = (float)(temperature / Math.Sqrt(config.HeadDim));
        _launcher = new StepLauncher(stream, Step);
        _ropeTable = Own(accelerator.Allocate1D(RopeTable.Create(geometry.Positions(capacity), rope.Frequencies)));
        try
        {
            _cache = Own(new KvCache(accelerator, kernels.Attention.Type, new KvLayout(config.KeyValueHeads, config.HeadDim), Unsafe.SizeOf<T>(), config.Layers, capacity));
            _buffers = Own(new ActivationBuffers<T>(accelerator, stream, config, geometry, Math.Min(slice, capacity), capacity));
            _ring = Own(new TokenRing(accelerator, stream));
            Own(_launcher);
        }
        catch
        {
            Free();
            throw;
        }
    }

    /// <summary>Whether decode steps are captured and launched as graphs where the device can.</summary>
    public bool UsesGraph
    {
        get => _launcher.UsesGraph;
        set => _launcher.UsesGraph = value;
    }

#if !ILGPU_PACKAGE
    /// <summary>Compiles what prompts and drawing need, on all cores: as if a slice and a token went through, with every filter.</summary>
    public void PrepareKernels() => KernelPreparation.Prepare(() =>
    {
        if (_buffers.Rows > 1)
            Layers(_buffers.History.SubView(0, _buffers.Rows), new SliceContext(0, ArrayView<int>.Empty, _buffers.Rows, 1, _geometry, _ropeTable.View, _scale));
        Step(Splits(1), SamplingOptions.Greedy);
        Draw(new SamplingOptions { TopK = 1 });
    });
#endif

    public override void Append(ReadOnlySpan<int> ids, IProgress<int>? progress, CancellationToken cancellation)
    {
        Check(ids);
        DropQueued();
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
        DropQueued();
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

    public override int Sample(in SamplingOptions options)
    {
        DropQueued();
        QueueToken(options);
        int token = ReadToken();
        _drawn = _read = 0;
        return token;
    }

    public override void QueueToken(in SamplingOptions options)
    {
        if (Length == 0)
            throw new InvalidOperationException("QueueToken: nothing was appended yet.");
        if (_drawn - _read == TokenRing.Length)
            throw new InvalidOperationException($"QueueToken: {TokenRing.Length} tokens wait to be read; read one first.");
        if (_drawn == 0)
        {
            _buffers.Position.CopyFromCPU(_stream, [Length - 1]);
            Draw(options);
        }
        else
        {
            if (Length == Capacity)
                throw new ContextExceededException($"the text has {Length} tokens, all of its context: raise --ctx-size to go on.");
            _launcher.Launch(Splits(Length + 1), options);
            Length++;
        }
        _drawn++;
        _ring.Queued(Length);
    }

    public override int ReadToken()
    {
        if (_read == _drawn)
            throw new InvalidOperationException("ReadToken: no token is queued.");
        // The token drawn last is for the place behind the text; those not read yet are before it.
        int place = Length - (_drawn - _read - 1);
        _read++;
        return _ring.Read(place);
    }

    public override void DropQueued()
    {
        // Of the tokens drawn all but the last were carried through the model; those after the last one read don't count.
        if (_drawn > 0)
            Length -= Math.Min(_drawn - 1, _drawn - _read);
        _drawn = _read = 0;
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
        Free();
    }

    /// <summary>Carries a slice through all layers.</summary>
    void Forward(ReadOnlySpan<int> ids)
    {
        ArrayView<int> onDevice = _buffers.History.SubView(Length, ids.Length);
        onDevice.CopyFromCPU(_stream, ids);
        Layers(onDevice, new SliceContext(Length, ArrayView<int>.Empty, ids.Length, Splits(Length + 1), _geometry, _ropeTable.View, _scale));
        Length += ids.Length;
    }

    /// <summary>One decode step: the text's last token through the model, and the draw of the next. All that changes is read on the device.</summary>
    void Step(int splits, SamplingOptions options)
    {
        Layers(_buffers.History, new SliceContext(0, _buffers.Position, 1, splits, _geometry, _ropeTable.View, _scale));
        Project(0, 1);
        Draw(options);
    }

    void Layers(ArrayView<int> ids, SliceContext slice)
    {
        Embed(ids, slice);
        for (int layer = 0; layer < _config.Layers; layer++)
            _layer.Forward(_stream, _weights.Layers[layer], _buffers, _cache, layer, slice);
    }

    void Embed(ArrayView<int> ids, SliceContext slice)
    {
        ArrayView<float> residual = _buffers.Residual.SubView(0, (long)slice.Tokens * _config.HiddenSize);
        WeightMatrix<T> table = _weights.Embedding.View;
        if (table.IsQuantized)
            _kernels.EmbeddingQuantized.Run(_stream, ids, slice.Position, table.Whole, residual, _config.HiddenSize);
        else
            _kernels.Embedding.Run(_stream, ids, slice.Position, table.Plain, residual, _config.HiddenSize);
    }

    void Draw(in SamplingOptions options) =>
        _kernels.Sampler.Run(_stream, _buffers.Logits.SubView(0, _config.VocabularySize),
            new SamplerState(_buffers.History, _buffers.Position, _ring.View, _buffers.SamplerWords, _buffers.SamplerArrivals), options);

    int Splits(int tokens) => _kernels.Attention.Splits(tokens, _config.Heads, _cache.Layout);

    /// <summary>Final norm and logits of some rows of the slice that was just carried through.</summary>
    ArrayView<float> Project(int row, int rows)
    {
        int hidden = _config.HiddenSize;
        ArrayView<T> normed = _buffers.Normed.SubView(0, (long)rows * hidden);
        ArrayView<float> logits = _buffers.Logits.SubView(0, (long)rows * _config.VocabularySize);
        _kernels.RmsNorm.Run(_stream, _buffers.Residual.SubView((long)row * hidden, (long)rows * hidden), _weights.FinalNorm.View, normed, (float)_config.RmsNormEpsilon);
        _kernels.Products.Run(_stream, normed, _weights.Output.View, logits, new MatMulShape(rows, _config.VocabularySize, hidden));
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

    TOwned Own<TOwned>(TOwned resource)
        where TOwned : IDisposable
    {
        _owned.Add(resource);
        return resource;
    }

    void Free()
    {
        for (int i = _owned.Count - 1; i >= 0; i--)
            _owned[i].Dispose();
    }
}
