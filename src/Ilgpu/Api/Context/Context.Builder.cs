using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;

namespace ILGPU;

partial class Context
{
    /// <summary>Chooses devices and modes of a context.</summary>
    public sealed class Builder
    {
        internal Builder()
        {
        }

        internal ContextProperties Properties { get; } = new();

        internal List<Device> Devices { get; } = [];

        internal Exception? CudaUnavailable { get; set; }

        /// <summary>All devices of this machine.</summary>
        public Builder Default() => AllAccelerators();

        /// <summary>All devices of this machine: CUDA devices, then the CPU.</summary>
        public Builder AllAccelerators() => this.Cuda().CPU();

        /// <summary>The devices of this machine that a predicate takes.</summary>
        public Builder AllAccelerators(Predicate<Device> predicate) =>
            this.Cuda((CudaDevice device) => predicate(device)).CPU((CPUDevice device) => predicate(device));

        /// <summary>How much the compiler works.</summary>
        public Builder Optimize(OptimizationLevel level)
        {
            Properties.OptimizationLevel = level;
            return this;
        }

        /// <summary>Checks of the CPU accelerator and of the compiler are on.</summary>
        public Builder Debug() => Optimize(OptimizationLevel.Debug).Assertions().Verify();

        /// <summary>The compiler optimizes; nothing is checked.</summary>
        public Builder Release() => Optimize(OptimizationLevel.Release);

        /// <summary>Which calls are inlined.</summary>
        public Builder Inlining(InliningMode mode)
        {
            Properties.InliningMode = mode;
            return this;
        }

        /// <summary>How exact mathematics is.</summary>
        public Builder Math(MathMode mode)
        {
            Properties.MathMode = mode;
            return this;
        }

        /// <summary>Streams take profiling markers.</summary>
        public Builder Profiling()
        {
            Properties.EnableProfiling = true;
            return this;
        }

        /// <summary>The CPU accelerator checks bounds and divergence.</summary>
        public Builder Assertions()
        {
            Properties.EnableAssertions = true;
            return this;
        }

        /// <summary>The compiler verifies its own work after each pass.</summary>
        public Builder Verify()
        {
            Properties.EnableVerifier = true;
            return this;
        }

        /// <summary>Makes the context.</summary>
        public Context ToContext() => new(this);
    }
}
