namespace IlgpuDca.Kernels.Hopper;

/// <summary>Where a thread stands in a ring of shared-memory stages, and the parity of the barrier phases it waits for there.</summary>
struct PipelineState
{
    public int Stage;
    public int Parity;

    /// <summary>On to the next stage of a ring of so many.</summary>
    public void Advance(int stages)
    {
        Stage++;
        if (Stage != stages)
            return;
        Stage = 0;
        Parity ^= 1;
    }
}
