"""Worked models, one file each."""

from dlcore.models.attention_maps import attention_maps as attention_maps
from dlcore.models.char_rnn import CharRNN as CharRNN
from dlcore.models.ddpm import DDPM as DDPM, noise_schedule as noise_schedule
from dlcore.models.densenet import (
    DenseBlock as DenseBlock,
    DenseLayer as DenseLayer,
    DenseNet as DenseNet,
    Transition as Transition,
)
from dlcore.models.gan import GAN as GAN
from dlcore.models.generative import GenerativeModel as GenerativeModel
from dlcore.models.gpt import GPT as GPT
from dlcore.models.lenet import LeNet as LeNet
from dlcore.models.mlp import MLP as MLP
from dlcore.models.perceptron import Perceptron as Perceptron
from dlcore.models.resnet import ResidualBlock as ResidualBlock, ResNet as ResNet
from dlcore.models.sampling import sample_token as sample_token
from dlcore.models.sentiment import SentimentEncoder as SentimentEncoder
from dlcore.models.separable import (
    DepthwiseSeparable as DepthwiseSeparable,
    SeparableNet as SeparableNet,
)
from dlcore.models.seq2seq import Seq2Seq as Seq2Seq
from dlcore.models.sum_mod import SumMod as SumMod
from dlcore.models.transformer import Transformer as Transformer
from dlcore.models.vae import VAE as VAE, kl_to_standard_normal as kl_to_standard_normal
from dlcore.models.wgan_gp import WGANGP as WGANGP
