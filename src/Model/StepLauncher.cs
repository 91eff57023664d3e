using ILGPU.Runtime;
using IlgpuDca.Kernels.Sampling;
#if !ILGPU_PACKAGE
using ILGPU.Runtime.Cuda;
using IlgpuDca.Ilgpu.Extensions;
#endif
#if ILGPU_PACKAGE
#pragma warning disable CS9113 // Only graphs need the stream.
#endif

namespace IlgpuDca.Model;

/// <summary>
/// Queues decode steps. On CUDA a step is captured once for each number of splits and set of options, and launched as one graph from
/// then on: all that changes from token to token is read from the device. Elsewhere its kernels are queued one by one.
/// </summary>
/// <param name="stream">Where steps are queued.</param>
/// <param name="step">Queues the kernels of a step; splits and options are all that may change what is queued.</param>
sealed class StepLauncher(AcceleratorStream stream, Action<int, SamplingOptions> step) : IDisposable
{
#if !ILGPU_PACKAGE
    CudaGraph? _graph;
    int _splits;
    SamplingOptions _options;
    bool _isCompiled;

    /// <summary>Whether steps are launched as graphs where the device can; otherwise always kernel by kernel.</summary>
    public bool UsesGraph { get; set; } = true;

    /// <summary>Queues one step.</summary>
    public void Launch(int splits, in SamplingOptions options)
    {
        if (!UsesGraph || stream is not CudaStream cuda || cuda.StreamPtr == 0)
        {
            step(splits, options);
            return;
        }
        if (_graph is not null && _splits == splits && _options == options)
        {
            _graph.Launch(cuda);
            return;
        }
        if (!_isCompiled || _options != options)
        {
            // A step's kernels are compiled when first launched, which must not happen while one is captured.
            step(splits, options);
            (_isCompiled, _options) = (true, options);
            Forget();
            return;
        }
        Forget();
        cuda.BeginCapture();
        try
        {
            step(splits, options);
        }
        catch
        {
            // The stream can be used again only once the capture is ended; what was captured is of no use.
            try
            {
                cuda.EndCapture().Dispose();
            }
            catch (CudaException)
            {
                // The capture broke down with the step, whose own error says why.
            }
            throw;
        }
        _graph = cuda.EndCapture();
        _splits = splits;
        _graph.Launch(cuda);
    }

    public void Dispose() => Forget();

    void Forget()
    {
        _graph?.Dispose();
        _graph = null;
    }
#else
    /// <summary>Whether steps are launched as graphs where the device can: ILGPU's package has none.</summary>
    public bool UsesGraph { get; set; }

    /// <summary>Queues one step.</summary>
    public void Launch(int splits, in SamplingOptions options) => step(splits, options);

    public void Dispose()
    {
    }
#endif
}
