using System.Collections.Immutable;
using IlgpuDca.Kernels.MatMul.Epilogues;
using IlgpuDca.Kernels.Quantization;
using IlgpuDca.Loader;

namespace IlgpuDca.Model.Weights;

/// <summary>How a model's matrices lie on the device: in the mode's type, or as the codes and scales that its files have.</summary>
public abstract class WeightStorage
{
    private protected WeightStorage()
    {
    }

    /// <summary>All in the mode's type.</summary>
    public static readonly WeightStorage Plain = new PlainStorage();

    /// <summary>Every matrix in one layout, where its rows fit.</summary>
    public static WeightStorage Uniform(QuantizedLayout layout, ModelConfig config) => new UniformStorage(layout, config);

    /// <summary>Bytes of a matrix' buffers.</summary>
    internal IEnumerable<long> Bytes(WeightPart part, int layer, ModelConfig config, ComputeMode mode)
    {
        ImmutableArray<StoredPart> stored = Of(part, layer);
        if (stored.IsEmpty)
            return [part.Elements(config) * (part.IsVector() ? sizeof(float) : BufferSizes.Element(mode))];
        IEnumerable<long> sizes = stored.SelectMany(one => (long[])[one.CodeBytes, one.ScaleBytes]);
        return stored[0].InputOrder is { } order ? sizes.Append(order.Length * (long)sizeof(int)) : sizes;
    }

    /// <summary>What quantised matrices are unpacked into.</summary>
    /// <param name="config">The model.</param>
    /// <param name="mode">What products are made in: float32 ones take unpacked weights alone.</param>
    /// <param name="unpacks">Whether bf16 ones do, but experts'; else they convert what they can on its way.</param>
    internal UnpackingRoom UnpackingRoom(ModelConfig config, ComputeMode mode, bool unpacks)
    {
        long largest = 0, longestOrder = 0;
        for (int layer = 0; layer < config.Layers; layer++)
            foreach (WeightPart part in WeightParts.OfLayer(config, layer))
            {
                largest = Math.Max(largest, Unpacked(part, layer));
                longestOrder = Math.Max(longestOrder, Order(part, layer));
            }
        WeightPart output = config.TieWordEmbeddings ? WeightPart.Embedding : WeightPart.Output;
        longestOrder = Math.Max(longestOrder, Order(output, 0));
        return Activations.UnpackingRoom(config, largest, Unpacked(output, 0)) with
        {
            ReorderedElements = longestOrder * Kernels.Quantization.UnpackingRoom.ReorderedRows,
        };

        int Order(WeightPart part, int layer) => Of(part, layer) is [{ InputOrder: { } order }, ..] ? order.Length : 0;

        long Unpacked(WeightPart part, int layer)
        {
            ImmutableArray<StoredPart> stored = Of(part, layer);
            int inner = part.Inner(config);
            bool isUnpacked = mode == ComputeMode.Float32
                || !part.IsOfExperts() && (unpacks || stored.Any(one => !one.Layout.IsConvertible(one.Weights / inner)));
            return isUnpacked ? stored.Sum(one => one.Weights) : 0;
        }
    }

    /// <summary>Whether products are of 8-bit floats where the device has such.</summary>
    internal bool RunsAsFloat8(ModelConfig config) => Enumerable.Range(0, config.Layers)
        .SelectMany(layer => WeightParts.OfLayer(config, layer).Where(part => !part.IsOfExperts())
            .SelectMany(part => Of(part, layer)))
        .Concat(Of(WeightPart.Output, 0)).Any(part => part.Layout.RunsAsFloat8);

    /// <summary>What the files have, as far as kernels can multiply with it.</summary>
    public static WeightStorage OfFiles(LlamaTensors tensors, ModelConfig config) => new FileStorage(tensors, config);

    /// <summary>The quantised parts of a matrix, rows one after the other; none where it is plain.</summary>
    /// <param name="part">The matrix.</param>
    /// <param name="layer">From 0; 0 for what belongs to no layer.</param>
    internal abstract ImmutableArray<StoredPart> Of(WeightPart part, int layer);

    sealed class PlainStorage : WeightStorage
    {
        internal override ImmutableArray<StoredPart> Of(WeightPart part, int layer) => [];
    }

    sealed class UniformStorage(QuantizedLayout layout, ModelConfig config) : WeightStorage
    {
        internal override ImmutableArray<StoredPart> Of(WeightPart part, int layer) =>
            !part.IsVector() && !part.IsAlwaysPlain() && part.Fits(layout, config)
                ? [new StoredPart(layout, part.Elements(config))] : [];
    }

    sealed class FileStorage(LlamaTensors tensors, ModelConfig config) : WeightStorage
    {
        internal override ImmutableArray<StoredPart> Of(WeightPart part, int layer)
        {
            if (part.IsVector() || part.IsAlwaysPlain())
                return [];
            WeightTensor[] parts = FileWeights.Tensors(tensors, part, layer);
            // Gate and up rows lie in turns, and experts' matrices together: such are one matrix.
            bool isWhole = part.IsGateUp() || part.IsOfExperts();
            if (isWhole && parts.Any(tensor => tensor.Grouped != parts[0].Grouped) || !HaveOneOrder(part, parts)
                || part == WeightPart.GateUp && !GateUpOrder.IsInterleaved(config.IntermediateSize))
                return [];
            List<StoredPart> stored = [];
            foreach (WeightTensor tensor in parts)
            {
                if (tensor.Grouped is not { } format)
                    return [];
                QuantizedLayout layout = new(format.Bits, format.Group, format.HasOffset)
                {
                    IsFloat8 = format.IsFloat8,
                    HasFloat8Inputs = format.HasFloat8Inputs,
                };
                if (!part.Fits(layout, config))
                    return [];
                stored.Add(new StoredPart(layout, tensor.Info.Elements) { InputOrder = tensor.InputOrder });
            }
            return isWhole ? [stored[0] with { Weights = part.Elements(config) }] : [.. stored];
        }

        /// <summary>Whether a product's rows serve all of a matrix' tensors; of experts each would need its own.</summary>
        static bool HaveOneOrder(WeightPart part, WeightTensor[] tensors)
        {
            int[]? order = tensors[0].InputOrder;
            return order is null ? tensors.All(tensor => tensor.InputOrder is null)
                : !part.IsOfExperts() && part != WeightPart.Embedding
                    && tensors.All(tensor => tensor.InputOrder is { } other && other.AsSpan().SequenceEqual(order));
        }
    }
}
