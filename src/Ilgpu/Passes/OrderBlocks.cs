using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Passes;

/// <summary>Puts the blocks in reverse postorder, so that a back end meets every value's definition before its uses, phis apart.</summary>
static class OrderBlocks
{
    public static void Run(KernelFunction function) => function.Blocks = [.. new Dominators(function).Order];
}
