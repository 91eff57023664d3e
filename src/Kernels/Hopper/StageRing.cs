using ILGPU;
using IlgpuDca.Ilgpu.Extensions;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>Stages of operands in shared memory with the barriers that hand them to and fro.</summary>
/// <param name="shared">The stages, one after the other.</param>
/// <param name="barriers">Twice as many barriers as there may be stages.</param>
/// <param name="stages">How many stages there are.</param>
/// <param name="bytes">Of a stage.</param>
readonly struct StageRing(ArrayView<byte> shared, ArrayView<Mbarrier> barriers, int stages, int bytes)
{
    public const int MostStages = 8;

    public readonly ArrayView<byte> Shared = shared;
    readonly ArrayView<Mbarrier> _barriers = barriers;

    public readonly int Stages = stages;

    public readonly int Bytes = bytes;

    public ref Mbarrier Full(int stage) => ref _barriers[stage];

    public ref Mbarrier Empty(int stage) => ref _barriers[MostStages + stage];

    /// <summary>By one thread, before a barrier of the group.</summary>
    /// <param name="readers">Arrivals that give a stage back.</param>
    public void Initialize(int readers)
    {
        for (int stage = 0; stage < Stages; stage++)
        {
            Mbarrier.Initialize(ref Full(stage), 1);
            Mbarrier.Initialize(ref Empty(stage), readers);
        }
        Mbarrier.FenceInitialization();
    }

    /// <summary>Waits for a stage's operands.</summary>
    public void WaitFull(PipelineState state) => Mbarrier.Wait(ref Full(state.Stage), state.Parity);

    /// <summary>Waits until a stage may be written.</summary>
    public void WaitEmpty(PipelineState state) => Mbarrier.Wait(ref Empty(state.Stage), state.Parity ^ 1);
}
